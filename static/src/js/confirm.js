// Native dialogs: opening and closing; and, there or in a plain form, the submit button that waits for the typed name.

/** The submit button obeys the typed text; spaces around it don't count. */
function judgeTyped(dialog) {
  const expected = dialog.dataset.confirmExpect;
  const submit = dialog.querySelector("[data-confirm-submit]");
  if (!submit || expected === undefined) return;
  submit.disabled = "blocked" in submit.dataset || dialog.querySelector("[data-confirm-input]")?.value.trim() !== expected;
}

/** A dialog for many things learns from its opener which one it is about. */
function fill(dialog, { dialogAction, dialogText }) {
  if (dialogAction === undefined) return;
  dialog.querySelector("form").action = dialogAction;
  dialog.querySelector("[data-dialog-fill]").textContent = dialogText;
}

function open(dialog, opener) {
  fill(dialog, opener.dataset);
  const input = dialog.querySelector("[data-confirm-input]");
  if (input) input.value = "";
  judgeTyped(dialog);
  dialog.showModal();
  input?.focus();
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog && !dialog.open) open(dialog, opener);
  }
  event.target.closest("[data-dialog-close]")?.closest("dialog")?.close();
  // A click on the backdrop has the dialog itself as target.
  if (event.target instanceof HTMLDialogElement && event.target.matches(".mn-dialog")) event.target.close();
}

/** Enter in the field must not slip past the disabled button; other buttons of a form ask for no name. */
function onSubmit(event) {
  const dialog = event.target.closest("[data-confirm]");
  if (!dialog) return;
  judgeTyped(dialog);
  const button = dialog.querySelector("[data-confirm-submit]");
  if (button?.disabled && event.submitter === button) event.preventDefault();
}

/** Every form and dialog that asks for a name. */
export function judgeDialogs() {
  document.querySelectorAll("[data-confirm]").forEach(judgeTyped);
}

export function startDialogs() {
  judgeDialogs();
  document.addEventListener("click", onClick);
  document.addEventListener("input", ({ target }) => {
    const dialog = target.closest("[data-confirm]");
    if (dialog) judgeTyped(dialog);
  });
  document.addEventListener("submit", onSubmit, true);
}
