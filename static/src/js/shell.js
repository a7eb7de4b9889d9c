// The shell's pages: what the chosen command takes, and lines for a command that reads, without leaving the page.
import { RequestError, csrfToken, fetchJson } from "./http.js";

function describe(select) {
  const option = select.selectedOptions[0];
  const form = select.form;
  form.elements.words.placeholder = option?.dataset.example ?? "";
  const title = form.querySelector("[data-shell-title]");
  if (title) title.textContent = option?.dataset.title ?? "";
}

class Line {
  constructor(form) {
    this.form = form;
    this.input = form.elements.text;
    this.typed = [];
    this.at = 0;
    form.addEventListener("submit", (event) => this.submit(event));
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "d" && event.ctrlKey && !this.input.value) {
      event.preventDefault();
      this.form.requestSubmit(this.form.elements.end);
    }
    if (!step) return;
    event.preventDefault();
    this.at = Math.min(Math.max(this.at + step, 0), this.typed.length);
    this.input.value = this.typed[this.at] ?? "";
  }

  async submit(event) {
    event.preventDefault();
    const end = event.submitter?.name === "end";
    const text = this.input.value;
    const body = new FormData(this.form);
    if (end) body.set("end", "1");
    this.input.value = "";
    try {
      await fetchJson(this.form.action, { method: "POST", body, headers: { "X-CSRF-Token": csrfToken() } });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.input.value = text;
      this.echo(error.message);
      return;
    }
    if (text) this.typed.push(text);
    this.at = this.typed.length;
    this.echo(end ? `> ${text} (end of input)` : `> ${text}`);
    if (end) this.form.remove();
    else this.input.focus();
  }

  echo(text) {
    const log = document.getElementById(this.form.dataset.runLine);
    log?.dispatchEvent(new CustomEvent("minos:mark", { detail: text }));
  }
}

export function startShell() {
  const select = document.querySelector("[data-shell-command]");
  if (select) {
    select.addEventListener("change", () => describe(select));
    describe(select);
  }
  document.querySelectorAll("form[data-run-line]").forEach((form) => new Line(form));
}
