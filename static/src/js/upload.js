// The upload form: each chosen file is a row that tells how far it is, and can be paused, gone on with, and cancelled.
// Without this script the form posts one file itself.
import { Sending } from "./sending.js";
import { formatValue } from "./units.js";

const AT_ONCE = 3;

const part = (form, name) => form.querySelector(`[data-upload-${name}]`);
const chosen = (form) => [...form.querySelector("input[type=file]").files];

function showError(form, message, field) {
  const place = part(form, "error");
  place.textContent = message;
  place.hidden = !message;
  form.querySelectorAll(".is-invalid").forEach((input) => input.classList.remove("is-invalid"));
  const input = field && form.elements.namedItem(field);
  if (input instanceof HTMLElement) {
    input.classList.add("is-invalid");
    input.focus();
  }
}

function words({ phase, done, words }, file, speed) {
  const percent = `${Math.min(100, (100 * done) / Math.max(file.size, 1)).toFixed(0)} %`;
  const amount = `${formatValue(done, "bytes")} of ${formatValue(file.size, "bytes")}`;
  return {
    reading: `Reading the file: ${percent}`,
    sending: `${percent} · ${amount}${speed}`,
    paused: `Paused at ${percent} · ${amount}`,
    away: words,
    checking: `All ${formatValue(file.size, "bytes")} sent · the console is looking into it`,
  }[phase];
}

/** A row for one file, with its buttons. */
class Row {
  constructor(form, file) {
    this.file = file;
    this.place = part(form, "row").content.firstElementChild.cloneNode(true);
    this.place.querySelector("[data-name]").textContent = file.name;
    part(form, "rows").append(this.place);
    this.sending = new Sending(
      file,
      { artifact: form.elements.artifact.value, revision: form.elements.revision.value },
      form.dataset.uploadUrl,
      (told) => this.show(told),
    );
    this.on("pause", () => this.sending.pause());
    this.on("resume", () => this.sending.resume());
    this.on("cancel", () => this.sending.cancel());
  }

  on(name, action) {
    this.button(name).addEventListener("click", action);
  }

  button(name) {
    return this.place.querySelector(`[data-${name}]`);
  }

  show(told) {
    const now = performance.now();
    if (told.phase === "sending") this.began ??= { at: now, done: told.done };
    else if (told.phase !== "checking") this.began = undefined;
    const seconds = this.began ? (now - this.began.at) / 1000 : 0;
    const speed = seconds > 0.5 ? ` · ${formatValue((told.done - this.began.done) / seconds, "bytes_per_second")}` : "";
    this.place.querySelector("[data-bar]").value = (100 * told.done) / Math.max(this.file.size, 1);
    this.place.querySelector("[data-text]").textContent = words(told, this.file, speed);
    this.button("pause").hidden = told.phase === "paused" || told.phase === "checking";
    this.button("resume").hidden = told.phase !== "paused";
  }

  end(text, kind) {
    this.place.classList.add(`mn-sending__item--${kind}`);
    this.place.querySelector("[data-text]").textContent = text;
    for (const name of ["pause", "resume", "cancel", "bar"]) this.button(name).hidden = true;
  }

  /** Resolves to the package, or to null when it did not become one. */
  async run(form) {
    try {
      const found = await this.sending.run();
      if (found.state === "quarantined") throw new Error(`${found.reason}. It is kept in quarantine, where no cluster finds it.`);
      this.end(found.created ? "Stored." : "The same file was there already.", "done");
      return found;
    } catch (error) {
      if (error === null) this.end("Cancelled. Nothing was stored.", "cancelled");
      else {
        this.end(error.message, "failed");
        showError(form, `${this.file.name}: ${error.message}`, error.field);
      }
      return null;
    }
  }
}

function setBusy(form, busy) {
  part(form, "submit").disabled = busy;
  form.classList.toggle("is-busy", busy);
}

async function sendAll(form) {
  showError(form, "");
  part(form, "rows").replaceChildren();
  setBusy(form, true);
  const waiting = chosen(form).map((file) => new Row(form, file));
  const rows = [...waiting];
  const found = [];
  const next = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) found.push(await row.run(form));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  setBusy(form, false);
  if (!found.every(Boolean)) return;
  const last = found.at(-1);
  const query = rows.length > 1 ? `?several=${rows.length}` : `?stored=${last.id}${last.created ? "" : "&known=1"}`;
  location.assign(`${form.dataset.uploadDone}${query}`);
}

function showChosen(form) {
  const files = chosen(form);
  const size = formatValue(files.reduce((sum, file) => sum + file.size, 0), "bytes");
  const names = files.length > 3 ? `${files.length} files` : files.map((file) => file.name).join(", ");
  part(form, "name").textContent = files.length ? `${names} · ${size}` : "";
  part(form, "drop").classList.toggle("has-file", files.length > 0);
}

function startDrop(form) {
  const drop = part(form, "drop");
  const input = form.querySelector("input[type=file]");
  const mark = (over) => (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", over);
  };
  drop.addEventListener("dragover", mark(true));
  drop.addEventListener("dragleave", mark(false));
  drop.addEventListener("drop", (event) => {
    mark(false)(event);
    if (!event.dataTransfer.files.length || form.classList.contains("is-busy")) return;
    input.files = event.dataTransfer.files;
    showChosen(form);
  });
  input.addEventListener("change", () => showChosen(form));
}

/** Leaving breaks uploads off: ask first. */
function guard(event) {
  if (document.querySelector("form[data-upload].is-busy")) event.preventDefault();
}

export function startUploads() {
  addEventListener("beforeunload", guard);
  document.querySelectorAll("form[data-upload]").forEach((form) => {
    form.querySelector("input[type=file]").multiple = true;
    startDrop(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.classList.contains("is-busy")) return;
      if (!chosen(form).length) showError(form, "Choose a file first.");
      else if (form.reportValidity()) sendAll(form);
    });
  });
}
