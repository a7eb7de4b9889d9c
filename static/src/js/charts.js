// Charts of a page: one range of time for all of them, kept in the page's address; those in sight are asked for, and again
// while the time goes on.
import "../css/charts.css";
import { Asker, pointsFor, severalUrl } from "./asking.js";
import { Chart } from "./chart.js";
import { ChartBar } from "./chartbar.js";
import { Happened } from "./happened.js";
import { COMPARED, COMPARISONS, fixed, isLive, PRESETS, readView, TOP, writeView, zoomedIn } from "./timerange.js";

const SEVERAL = "/api/v1/series/several";
const SHORTEST_REFRESH = 10; // seconds
const LONGEST_REFRESH = 60;
const BEFORE_SIGHT = "300px"; // a chart is asked for a little before it is scrolled into sight

class Board {
  constructor() {
    this.charts = new Map(); // figure -> {chart, seen, askedAt}
    this.notes = []; // what the console says of the last answer
    const bar = document.querySelector("[data-chartbar]");
    this.usual = bar?.dataset.usual ?? ""; // the time of a page that is about a moment
    this.view = readView(location.search, this.usual);
    this.window = this.windowNow();
    this.base = bar?.dataset.severalUrl ?? SEVERAL;
    this.happened = bar?.dataset.eventsUrl ? new Happened(bar.dataset.eventsUrl, (marks) => this.mark(marks)) : null;
    this.change = this.change.bind(this);
    this.bar = bar ? new ChartBar(bar, this) : null;
    this.asker = new Asker((charts) => this.address(charts), {
      onAnswer: (charts, answer) => this.answered(charts, answer),
      onFailure: (charts, message) => charts.forEach((chart) => chart.fail(message)),
    });
    this.sight = new IntersectionObserver((entries) => this.look(entries), { rootMargin: BEFORE_SIGHT });
    this.paint();
  }

  windowNow() {
    if (!isLive(this.view)) return { from: this.view.from, to: this.view.to };
    const now = Math.floor(Date.now() / 1000);
    return { from: now - PRESETS[this.view.range], to: now };
  }

  /** Seconds after which a chart that follows the time is asked for again. */
  get refresh() {
    const step = (this.window.to - this.window.from) / 240;
    return Math.min(LONGEST_REFRESH, Math.max(SHORTEST_REFRESH, step));
  }

  /** Take in new figures, forget those that are gone. */
  collect() {
    document.querySelectorAll("figure[data-chart]").forEach((figure) => {
      if (this.charts.has(figure)) return;
      const chart = new Chart(figure, (window) => this.change(fixed(this.view, zoomedIn(window))));
      chart.mark(this.marks ?? []);
      this.charts.set(figure, { chart, seen: false, askedAt: 0 });
      this.sight.observe(figure);
    });
    for (const figure of this.charts.keys()) {
      if (figure.isConnected) continue;
      this.sight.unobserve(figure);
      this.charts.delete(figure);
    }
  }

  look(entries) {
    entries.forEach(({ target, isIntersecting }) => {
      const one = this.charts.get(target);
      if (one) one.seen = isIntersecting;
    });
    this.askDue();
  }

  /** Ask for the charts in sight that show another time, or have grown old. */
  askDue() {
    if (document.hidden) return;
    const now = Date.now() / 1000;
    const isDue = ({ seen, askedAt }) => seen && (!askedAt || (isLive(this.view) && now - askedAt >= this.refresh - 1));
    const due = [...this.charts.values()].filter(isDue);
    due.forEach((one) => { one.askedAt = now; });
    this.asker.ask(due.map(({ chart }) => chart));
  }

  address(charts) {
    const points = pointsFor(Math.max(...charts.map(({ place }) => place.clientWidth)));
    const compare = COMPARISONS[this.view.compare];
    return severalUrl(this.base, charts.map(({ query }) => query), { view: this.view, window: this.windowNow(), points, compare, top: TOP });
  }

  answered(charts, { from, to, step, charts: answers, notes = [] }) {
    const { compare } = this.view;
    this.notes = notes;
    this.window = { from, to };
    const span = { from, to, step, shift: COMPARISONS[compare] ?? 0, earlier: COMPARED[compare] ?? "" };
    charts.forEach((chart, at) => (answers[at].error ? chart.fail(answers[at].error) : chart.show(answers[at], span)));
    this.paint();
    this.askWhatHappened();
  }

  /** Once for each view, and again as often as the charts. */
  askWhatHappened() {
    const now = Date.now() / 1000;
    if (!this.happened || !this.view.events || now - this.eventsAt < this.refresh - 1) return;
    this.eventsAt = now;
    this.happened.ask(this.window);
  }

  mark(marks) {
    this.marks = marks;
    this.charts.forEach(({ chart }) => chart.mark(marks));
  }

  /** Another view, by a person: it goes into the address, and "back" undoes it. */
  change(view) {
    history.pushState(null, "", `${location.pathname}${writeView({ ...view, problem: "" }, location.search, this.usual)}${location.hash}`);
    this.turnTo(view);
  }

  turnTo(view) {
    this.view = view;
    this.notes = [];
    this.window = this.windowNow();
    this.eventsAt = 0;
    this.asker.forget();
    this.charts.forEach((one) => { one.askedAt = 0; });
    if (!view.events) this.happened?.ask(null);
    this.paint();
    this.askDue();
  }

  paint() {
    this.bar?.paint();
    document.querySelectorAll("[data-keeps-range] a").forEach((link) => { link.search = writeView(this.view, link.search); });
  }
}

const board = new Board();
board.collect();
document.addEventListener("htmx:after:swap", () => board.collect());
document.addEventListener("visibilitychange", () => board.askDue());
window.addEventListener("popstate", () => {
  const view = readView(location.search, board.usual);
  if (writeView(view, "") !== writeView(board.view, "")) board.turnTo(view);
});
setInterval(() => board.askDue(), 1000);
// Colours live inside the canvas: a change of theme means drawing again.
new MutationObserver(() => board.charts.forEach(({ chart }) => chart.redraw())).observe(document.documentElement, {
  attributeFilter: ["data-bs-theme"],
});
