// The bar above charts: what time they show, what they are compared with, how many lines, whether events are marked.
import { fixed, following, isLive, presetFor, PRESETS, typedText, typedWindow, windowText, WrongTime, zoneText, zoomedOut } from "./timerange.js";

export class ChartBar {
  /** @param {HTMLElement} bar @param {{view: object, window: object, change: (view: object) => void}} board */
  constructor(bar, board) {
    this.bar = bar;
    this.board = board;
    this.form = bar.querySelector("[data-window-form]");
    bar.querySelectorAll("[data-range]").forEach((button) => button.addEventListener("click", () => board.change(following(board.view, button.dataset.range))));
    this.on("[data-zoom-out]", "click", () => board.change(fixed(board.view, zoomedOut(board.window, Date.now() / 1000))));
    this.on("[data-live]", "click", () => this.toggleLive());
    this.on("[data-compare]", "change", ({ target }) => board.change({ ...board.view, compare: target.value }));
    this.on("[data-top]", "change", ({ target }) => board.change({ ...board.view, top: target.value }));
    this.on("[data-events]", "click", () => board.change({ ...board.view, events: !board.view.events }));
    this.form.addEventListener("submit", (event) => this.submit(event));
    bar.addEventListener("shown.bs.dropdown", () => this.open());
  }

  part(selector) {
    return this.bar.querySelector(selector);
  }

  on(selector, kind, listener) {
    this.part(selector).addEventListener(kind, listener);
  }

  toggleLive() {
    const { view, window, change } = this.board;
    change(isLive(view) ? fixed(view, window) : following(view, this.last ?? presetFor(window.to - window.from)));
  }

  /** The typed window begins with what is shown now. */
  open() {
    const { window } = this.board;
    this.form.elements.from.value = typedText(window.from);
    this.form.elements.to.value = isLive(this.board.view) ? "now" : typedText(window.to);
    this.wrong("", "");
    this.form.elements.from.focus();
    this.form.elements.from.select();
  }

  submit(event) {
    event.preventDefault();
    const { from, to } = this.form.elements;
    try {
      const window = typedWindow(from.value, to.value, Date.now() / 1000);
      this.wrong("", "");
      this.part("[data-bs-toggle]").click();
      this.part("[data-bs-toggle]").focus();
      this.board.change(fixed(this.board.view, window));
    } catch (error) {
      if (!(error instanceof WrongTime)) throw error;
      this.wrong(error.field, error.message);
      this.form.elements[error.field].focus();
    }
  }

  wrong(field, message) {
    for (const name of ["from", "to"]) {
      const [input, place] = [this.form.elements[name], document.getElementById(`charts-${name}-error`)];
      const isWrong = name === field;
      input.classList.toggle("is-invalid", isWrong);
      input.ariaInvalid = isWrong ? "true" : null;
      place.hidden = !isWrong;
      place.textContent = isWrong ? message : "";
    }
  }

  /** Shows the view and the window that it comes to. */
  paint() {
    const { view, window, notes } = this.board;
    const live = isLive(view);
    if (live) this.last = view.range;
    this.bar.querySelectorAll("[data-range]").forEach((button) => { button.ariaPressed = String(live && button.dataset.range === view.range); });
    this.part("[data-window]").textContent = windowText(window);
    this.part("[data-zone]").textContent = zoneText(window.to);
    this.part("[data-bs-toggle]").title = `${windowText(window)}, ${zoneText(window.to)}`;
    this.part("[data-live]").ariaPressed = String(live);
    this.part("[data-live-word]").textContent = live ? "Live" : "Paused";
    this.part("[data-live]").title = live ? "Follows the time; press to stand still" : "Stands still; press to follow the time";
    this.part("[data-zoom-out]").disabled = live && view.range === Object.keys(PRESETS).at(-1);
    this.part("[data-compare]").value = view.compare;
    this.part("[data-top]").value = view.top;
    this.part("[data-events]").ariaPressed = String(view.events);
    const problem = this.part("[data-chartbar-problem]");
    problem.textContent = view.problem || notes.join(" ");
    problem.hidden = !problem.textContent;
  }
}
