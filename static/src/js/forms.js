// Forms: one submit a click, "all" checkboxes, and a warning before unsaved text is lost.

/** Runs after all other listeners: a submit that something prevented leaves the button alone. */
function submitOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "submitMany" in form.dataset) return;
  form.dataset.leaving = "";
  // Later, because a disabled button's own name and value would not be sent.
  setTimeout(() => form.querySelectorAll("button:not([type=button]), [type=submit]").forEach((button) => {
    if (button.disabled) return;
    button.disabled = true;
    button.dataset.sent = "";
  }));
}

/** Back from another page through the browser's cache: the buttons work again. */
function rearm() {
  document.querySelectorAll("[data-sent]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.sent;
  });
  document.querySelectorAll("form[data-leaving]").forEach((form) => delete form.dataset.leaving);
}

function boxesOf(all) {
  return [...(all.closest("table")?.querySelectorAll("tbody input[type=checkbox]:not(:disabled)") ?? [])];
}

function onChange({ target }) {
  if (target.matches("[data-check-all]")) boxesOf(target).forEach((box) => {
    box.checked = target.checked;
  });
  const all = target.closest("table")?.querySelector("[data-check-all]");
  if (!all || target.type !== "checkbox") return;
  const ticked = boxesOf(all).filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxesOf(all).length;
  all.indeterminate = ticked > 0 && !all.checked;
}

function guard(event) {
  if (document.querySelector("form[data-guard][data-dirty]:not([data-leaving])")) event.preventDefault();
}

export function startForms() {
  window.addEventListener("submit", submitOnce);
  window.addEventListener("pageshow", rearm);
  window.addEventListener("beforeunload", guard);
  document.addEventListener("change", onChange);
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "";
  });
}
