// The editor of a dashboard: a list of panels that are added, moved and removed; saving, and what is said when that fails.
import { PanelForm } from "./dashboard-panel.js";
import { csrfToken, fetchJson } from "./http.js";

class Editor {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-panels]");
    this.said = form.querySelector("[data-said]");
    this.refused = form.querySelector("[data-refused]");
    this.overtaken = form.querySelector("[data-overtaken]");
    const draft = JSON.parse(form.dataset.draft);
    this.revision = draft.revision;
    this.panels = draft.panels.map((panel) => this.made(panel));
    this.place();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(form.dataset.saveMethod, form.dataset.saveUrl);
    });
    form.querySelectorAll("[data-add]").forEach((button) => button.addEventListener("click", () => this.add(button.dataset.add)));
    form.querySelector("[data-keep-copy]").addEventListener("click", () => this.save("POST", form.dataset.newUrl));
  }

  made(panel) {
    return new PanelForm(panel, this.form.dataset, {
      change: () => this.touch(),
      up: (one) => this.move(one, -1),
      down: (one) => this.move(one, 1),
      double: (one) => this.insert(this.made(structuredClone(one.value())), this.panels.indexOf(one) + 1, "Doubled"),
      remove: (one) => this.remove(one),
    });
  }

  /** Brings the list in the order of the panels; elements that stay where they are keep their focus. */
  place() {
    this.panels.forEach((panel, at) => {
      if (this.list.children[at] !== panel.element) this.list.insertBefore(panel.element, this.list.children[at] ?? null);
      panel.number(at + 1, this.panels.length);
    });
    while (this.list.children.length > this.panels.length) this.list.lastElementChild.remove();
  }

  touch() {
    this.form.dataset.dirty = "";
  }

  say(text) {
    this.said.textContent = text;
  }

  add(kind) {
    this.insert(this.made({ kind }), this.panels.length, "Added");
  }

  insert(panel, at, word) {
    this.panels.splice(at, 0, panel);
    this.place();
    this.touch();
    this.say(`${word} panel ${at + 1} of ${this.panels.length}.`);
    panel.begin();
  }

  move(panel, by) {
    const from = this.panels.indexOf(panel);
    const to = from + by;
    if (to < 0 || to >= this.panels.length) return;
    this.panels.splice(from, 1);
    this.panels.splice(to, 0, panel);
    const focused = document.activeElement;
    this.place();
    this.touch();
    // An element that was moved has lost the focus; a button that cannot go on hands it to the heading.
    if (focused?.disabled) panel.focusHeading();
    else focused?.focus();
    panel.element.scrollIntoView({ block: "nearest" });
    this.say(`Now panel ${to + 1} of ${this.panels.length}.`);
  }

  remove(panel) {
    const at = this.panels.indexOf(panel);
    this.panels.splice(at, 1);
    panel.element.remove();
    this.place();
    this.touch();
    this.say(`Panel ${at + 1} is removed; ${this.panels.length} left.`);
    const next = this.panels[Math.min(at, this.panels.length - 1)];
    if (next) next.focusHeading();
    else this.form.querySelector("[data-add]").focus();
  }

  value() {
    const { title, description, sharing } = this.form.elements;
    return { title: title.value, description: description.value, sharing: sharing.value, revision: this.revision, panels: this.panels.map((panel) => panel.value()) };
  }

  async save(method, url) {
    const buttons = this.form.querySelectorAll("[type=submit], [data-keep-copy]");
    buttons.forEach((button) => (button.disabled = true));
    this.clear();
    const body = this.value();
    if (method === "POST" && this.revision) Object.assign(body, { sharing: "private", revision: 0 });
    try {
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() };
      const { url: there } = await fetchJson(url, { method, headers, body: JSON.stringify(body) });
      this.form.dataset.leaving = "";
      location.assign(there);
    } catch (error) {
      buttons.forEach((button) => (button.disabled = false));
      this.tell(error);
    }
  }

  clear() {
    this.refused.hidden = true;
    this.overtaken.hidden = true;
    this.panels.forEach((panel) => panel.tell(""));
    this.form.elements.title.ariaInvalid = null;
  }

  /** Where a refused field is: beside its panel, and always at the top with what to do. */
  tell(error) {
    const at = /^panels\[(\d+)\]/.exec(error.field ?? "");
    const panel = at && this.panels[Number(at[1])];
    const text = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
    this.refused.querySelector("[data-refused-text]").textContent = `Not saved. ${panel ? `Panel ${Number(at[1]) + 1}: ` : ""}${text}`;
    this.overtaken.hidden = !(error.status === 409 && error.field === "revision");
    this.refused.hidden = false;
    this.refused.scrollIntoView({ block: "nearest" });
    if (panel) panel.tell(text);
    if (error.field === "title") {
      this.form.elements.title.ariaInvalid = "true";
      this.form.elements.title.focus();
    }
  }
}

const form = document.getElementById("dashboard-editor");
if (form) new Editor(form);
