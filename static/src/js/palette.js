// The command palette: one field that finds things, pages and actions; and the keys that lead to pages. Nothing is done from
// here: every line is a link, and what changes something asks on its own page.
import { make } from "./elements.js";
import { fetchJson, withParameter } from "./http.js";

const PAUSE_MS = 120;
const CHORD_MS = 1200;
const KINDS = { action: "action", page: "page", cluster: "cluster", task: "task", host: "host", operation: "operation", package: "package", config: "file" };

/** Whether a key that is pressed here is text for somebody; boxes to tick take none. */
export function isTyping(element) {
  return Boolean(element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]"));
}

/** The line that is chosen after a key: around at both ends. PURE. */
export function moved(at, count, key) {
  if (!count) return -1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return (at + (key === "ArrowDown" ? 1 : -1) + (at < 0 && key === "ArrowUp" ? 1 : 0) + count) % count;
}

class Palette {
  #timer = 0;
  #asked = null;
  #at = -1;

  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("[role=combobox]");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    this.input.addEventListener("input", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    dialog.addEventListener("close", () => this.#forget());
  }

  open() {
    if (this.dialog.open || document.querySelector("dialog[open]")) return;
    this.dialog.showModal();
    this.input.value = "";
    this.input.focus();
    this.#ask();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#asked = null;
  }

  async #ask() {
    this.#forget();
    const asked = new AbortController();
    this.#asked = asked;
    const text = this.input.value.trim();
    try {
      const found = await fetchJson(withParameter(this.dialog.dataset.paletteUrl, "q", text), { signal: asked.signal });
      if (this.#asked === asked) this.#show(found);
    } catch (error) {
      if (this.#asked !== asked) return; // another question took its place, or the palette was closed
      this.#show({ hits: [], more: false });
      this.status.textContent = error.message;
    }
  }

  #show({ hits, more }) {
    this.list.replaceChildren(...hits.map((hit, number) => this.#line(hit, number)));
    this.input.setAttribute("aria-expanded", String(hits.length > 0));
    this.status.textContent = hits.length ? (more ? "More fits: write another word." : "") : "Nothing fits.";
    this.#choose(hits.length ? 0 : -1);
  }

  #line({ kind, title, detail, url }, number) {
    const line = make("a", "mn-palette__line");
    line.href = url;
    line.id = `palette-${number}`;
    line.tabIndex = -1;
    line.setAttribute("role", "option");
    line.append(
      make("span", "mn-palette__title", title),
      make("span", "mn-palette__detail", detail),
      make("span", "mn-palette__kind", KINDS[kind] ?? kind),
    );
    line.addEventListener("mousemove", () => this.#choose(number));
    return line;
  }

  #choose(at) {
    this.#at = at;
    [...this.list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === at)));
    const chosen = this.list.children[at];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #onKey(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      this.#choose(moved(this.#at, this.list.children.length, key));
    } else if (key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.#go(event.ctrlKey || event.metaKey);
    }
  }

  /** Follows the chosen line; a name that was typed quicker than the answer came is looked for by the page. */
  #go(apart) {
    const chosen = this.list.children[this.#at];
    if (!chosen) return;
    if (apart) window.open(chosen.href, "_blank", "noopener");
    else location.assign(chosen.href);
  }
}

export function startPalette() {
  const dialog = document.querySelector("[data-palette]");
  if (!dialog) return;
  const palette = new Palette(dialog);
  let chordUntil = 0;
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette-open]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    palette.open();
  });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") {
      event.preventDefault();
      palette.open();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.defaultPrevented;
    if (!plain || isTyping(target) || document.querySelector("dialog[open]")) return;
    const inChord = Date.now() < chordUntil;
    chordUntil = 0;
    const page = inChord && document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (page) location.assign(page.href);
    else if (key === "/") palette.open();
    else if (key === "?") document.getElementById("shortcuts")?.showModal();
    else if (key === "g") chordUntil = Date.now() + CHORD_MS;
    else return;
    event.preventDefault();
  });
}
