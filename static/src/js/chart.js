// One chart: a <figure data-chart> that draws what it is given, and says why when there is nothing to draw.
import { csvOf, download, fileName, picture } from "./chart-files.js";
import { make, makeButton } from "./elements.js";
import { icon } from "./icons.js";
import { Legend } from "./legend.js";
import { clockText, drawPlot } from "./plot.js";
import { lastValue, plotData, tableRows } from "./series.js";
import { formatValue } from "./units.js";

const TABLE_ROWS = 60;
const FRESH = 60;
const NEAR_MARK = 5; // pixels
const EMPTY = "No samples in this time range.";

export class Chart {
  /**
   * @param {HTMLElement} figure with data-series-url, data-unit, data-titles and, as wanted, data-max, data-height, data-empty
   * @param {(window: {from: number, to: number}) => void} onRange is told of a range drawn with the mouse
   */
  constructor(figure, onRange) {
    this.figure = figure;
    this.onRange = onRange;
    this.marks = [];
    this.legend = new Legend((name, show) => this.showLine(name, show));
    this.build();
    new ResizeObserver(() => this.resize()).observe(this.place);
  }

  get unit() {
    return this.figure.dataset.unit ?? "count";
  }

  get title() {
    return this.figure.querySelector("figcaption")?.textContent.trim() ?? "Chart";
  }

  /** Which series, as a query: what a request for several charts takes. */
  get query() {
    return this.figure.dataset.seriesUrl.split("?")[1] ?? "";
  }

  get height() {
    return Number(this.figure.dataset.height ?? 180);
  }

  build() {
    this.note = make("p", "mn-chart__note", "Loading…");
    this.place = make("div", "mn-chart__plot");
    this.place.style.minHeight = `${this.height}px`;
    this.place.tabIndex = 0;
    this.place.addEventListener("keydown", (event) => this.press(event));
    this.tip = make("p", "mn-chart__tip");
    this.tip.hidden = true;
    this.table = make("div", "mn-chart__table mn-tablewrap");
    this.table.hidden = true;
    this.figure.append(this.menu(), this.note, this.place, this.tip, this.legend.list, this.legend.more, this.table);
  }

  menu() {
    this.toggle = makeButton("dropdown-item", "Show as table", () => this.showTable(this.table.hidden));
    this.toggle.ariaExpanded = "false";
    const opener = makeButton("mn-iconbtn mn-chart__opener", "", () => {});
    opener.ariaLabel = `More of ${this.title}`;
    opener.dataset.bsToggle = "dropdown";
    opener.ariaExpanded = "false";
    opener.append(icon("more"));
    const items = make("div", "dropdown-menu dropdown-menu-end");
    items.append(
      this.toggle,
      makeButton("dropdown-item", "Save picture (PNG)", () => this.savePicture()),
      makeButton("dropdown-item", "Save numbers (CSV)", () => this.saveNumbers()),
    );
    this.more = make("div", "mn-chart__menu dropdown");
    this.more.append(opener, items);
    this.more.hidden = true;
    return this.more;
  }

  say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  /** No new answer: what is drawn stays, faintly, with the reason. */
  fail(message) {
    this.figure.classList.add("is-stale");
    this.say(this.drawing ? `Not refreshed: ${message}` : message);
  }

  /**
   * Draws an answer of several.js.
   * @param {{series: object[], lines: number, earlier?: object[]}} answer
   * @param {{from: number, to: number, step: number, shift: number, earlier: string}} span what time it is of; `earlier` in words
   */
  show(answer, span) {
    this.figure.classList.remove("is-stale");
    const drawing = plotData(answer, JSON.parse(this.figure.dataset.titles ?? "{}"), span);
    this.figure.classList.toggle("is-empty", !drawing);
    this.more.hidden = !drawing;
    if (!drawing) {
      this.clear();
      this.say(this.figure.dataset.empty ?? EMPTY);
      return;
    }
    this.say("");
    const fresh = span.to - Math.max(FRESH, 3 * span.step);
    this.drawing = { ...drawing, ...span, fresh, marks: this.marks, unseen: (answer.lines ?? 0) - drawing.names.length };
    this.draw();
  }

  clear() {
    this.drawing = null;
    this.plot?.destroy();
    this.plot = null;
    this.place.role = null;
    this.place.ariaLabel = null;
    this.legend.fill([], 0);
    this.table.replaceChildren();
  }

  /** New lines need a new plot; the same lines only new data, which keeps the cursor where it is. */
  draw() {
    const { names, pairs, data, fresh } = this.drawing;
    const key = [...names, ...pairs].join("\n");
    if (this.plot && this.key === key) {
      Object.assign(this.shown, this.drawing); // the x scale reads its ends from there
      this.plot.setData(data);
    } else this.redraw();
    this.key = key;
    this.fillValues(this.plot.cursor.idx ?? null);
    this.place.role = "img";
    this.place.ariaLabel = names.map((name, index) => `${name}: ${formatValue(lastValue(data[index + 1], data[0], fresh), this.unit)}`).join(", ");
    if (!this.table.hidden) this.fillTable();
  }

  redraw() {
    if (!this.drawing) return;
    this.plot?.destroy();
    this.shown = { ...this.drawing };
    const { max } = this.figure.dataset;
    this.plot = drawPlot(this.place, this.shown, {
      unit: this.unit,
      max: max ? Number(max) : undefined,
      height: this.height,
      onCursor: (plot) => this.follow(plot),
      onRange: this.onRange,
    });
    this.legend.fill(this.drawing.names, this.drawing.unseen);
    this.legend.hidden.forEach((name) => this.showLine(name, false));
  }

  /** What happened: [{at, tone, title}], drawn over the lines. */
  mark(marks) {
    this.marks = marks;
    if (!this.drawing) return;
    this.drawing.marks = marks;
    this.shown.marks = marks;
    this.plot.redraw(false);
  }

  resize() {
    const width = this.place.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.plot.height });
  }

  showLine(name, show) {
    const { names, pairs } = this.drawing;
    const index = names.indexOf(name);
    if (index < 0) return;
    this.plot.setSeries(index + 1, { show });
    pairs.forEach((line, at) => line === index && this.plot.setSeries(names.length + at + 1, { show }));
  }

  follow(plot) {
    this.fillValues(plot.cursor.idx ?? null);
    const { left } = plot.cursor;
    const near = left >= 0 && plot.over.matches(":hover") ? this.marks.filter(({ at }) => Math.abs(plot.valToPos(at, "x") - left) < NEAR_MARK) : [];
    this.tip.hidden = !near.length;
    this.tip.textContent = near.slice(0, 3).map(({ at, title }) => `${clockText(at, 1)} ${title}`).join("\n");
  }

  /** Values under the cursor, else the newest ones. */
  fillValues(index) {
    const { names, pairs, data, fresh } = this.drawing;
    const value = (line) => formatValue(index === null ? lastValue(line, data[0], fresh) : line[index], this.unit);
    const earlier = [];
    pairs.forEach((line, at) => { earlier[line] = `was ${value(data[names.length + at + 1])}`; });
    this.legend.values(names.map((_name, at) => value(data[at + 1])), earlier);
  }

  /** Arrows move the cursor, + and - zoom about it. */
  press(event) {
    if (!this.plot) return;
    const { from, to, data } = this.shown;
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const zoom = { "+": 0.25, "-": 1 }[event.key];
    if (!move && !zoom) return;
    event.preventDefault();
    const at = this.plot.cursor.idx ?? data[0].length - 1;
    if (move) this.point(Math.min(data[0].length - 1, Math.max(0, at + move * (event.shiftKey ? 10 : 1))));
    else this.onRange({ from: data[0][at] - (to - from) * zoom, to: data[0][at] + (to - from) * zoom });
  }

  point(index) {
    this.plot.cursor.event ??= new MouseEvent("mousemove"); // the charts that follow ask of what kind it was
    this.plot.setCursor({ left: this.plot.valToPos(this.plot.data[0][index], "x"), top: 0 }, true, true);
  }

  showTable(show) {
    this.table.hidden = !show;
    this.toggle.ariaExpanded = String(show);
    this.toggle.textContent = show ? "Hide table" : "Show as table";
    if (show) this.fillTable();
  }

  fillTable() {
    if (!this.drawing) return; // what is not drawn yet has nothing to tell
    const { names, data } = this.drawing;
    const table = make("table", "mn-table mn-table--sm");
    const head = table.createTHead().insertRow();
    ["Time", ...names].forEach((name, index) => {
      const cell = make("th", index ? "mn-num" : "", name);
      cell.scope = "col";
      head.append(cell);
    });
    const body = table.createTBody();
    for (const [time, ...values] of tableRows(data, names.length, TABLE_ROWS)) {
      const row = body.insertRow();
      row.insertCell().textContent = clockText(time, 1);
      values.forEach((value) => row.append(make("td", "mn-num", formatValue(value, this.unit))));
    }
    this.table.replaceChildren(table);
  }

  saveNumbers() {
    if (!this.drawing) return;
    const text = csvOf(this.drawing, this.drawing.earlier);
    download(new Blob([text], { type: "text/csv;charset=utf-8" }), fileName(this.title, this.drawing.to, "csv"));
  }

  savePicture() {
    if (!this.drawing) return;
    const shown = this.drawing.names.map((name, index) => ({ name, index })).filter(({ name }) => !this.legend.hidden.has(name));
    picture(this.plot, this.title, shown).toBlob((blob) => download(blob, fileName(this.title, this.drawing.to, "png")));
  }
}
