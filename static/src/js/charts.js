// Charts: <figure data-chart> asks its series, draws them, refreshes, and tells why when there is nothing to draw.
import "../css/charts.css";
import { fetchJson } from "./http.js";
import { clockText, colourClass, drawPlot } from "./plot.js";
import { beginOf, lastValue, plotData, tableRows } from "./series.js";
import { formatValue } from "./units.js";

const TABLE_ROWS = 60;
const FRESH = 60;
const EMPTY = "No samples in this time range yet. The first ones come about 20 s after a process has started.";

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

class Chart {
  constructor(figure) {
    this.figure = figure;
    this.hidden = new Set();
    this.build();
    new ResizeObserver(() => this.resize()).observe(this.place);
    this.load();
  }

  get unit() {
    return this.figure.dataset.unit ?? "count";
  }

  build() {
    this.note = make("p", "mn-chart__note", "Loading…");
    this.place = make("div", "mn-chart__plot");
    this.legend = make("ul", "mn-chart__legend");
    this.table = make("div", "mn-chart__table mn-tablewrap");
    this.table.hidden = true;
    this.toggle = make("button", "mn-chart__toggle", "Table");
    this.toggle.type = "button";
    this.toggle.ariaExpanded = "false";
    this.toggle.addEventListener("click", () => this.showTable(this.table.hidden));
    this.figure.append(this.toggle, this.note, this.place, this.legend, this.table);
  }

  async load() {
    clearTimeout(this.timer);
    if (!this.figure.isConnected) return;
    if (!document.hidden || !this.answer) await this.ask();
    const refresh = Number(this.figure.dataset.refresh ?? 0);
    if (refresh > 0) this.timer = setTimeout(() => this.load(), refresh * 1000);
  }

  async ask() {
    try {
      this.answer = await fetchJson(this.figure.dataset.seriesUrl);
      this.figure.classList.remove("is-stale");
      this.show();
    } catch (error) {
      this.figure.classList.add("is-stale");
      this.say(this.answer ? `Not refreshed: ${error.message}` : error.message);
    }
  }

  say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  show() {
    this.drawing = plotData(this.answer, JSON.parse(this.figure.dataset.titles ?? "{}"));
    this.figure.classList.toggle("is-empty", !this.drawing);
    this.toggle.hidden = !this.drawing;
    if (!this.drawing) {
      this.clear();
      this.say(this.figure.dataset.empty ?? EMPTY);
      return;
    }
    this.say("");
    const { to, step } = this.answer;
    this.drawing = { ...this.drawing, from: beginOf(this.drawing, this.answer), to, fresh: to - Math.max(FRESH, 3 * step) };
    this.draw();
  }

  clear() {
    this.plot?.destroy();
    this.plot = null;
    this.place.role = null;
    this.legend.replaceChildren();
    this.table.replaceChildren();
  }

  /** New lines need a new plot; the same lines only new data, which keeps the cursor where it is. */
  draw() {
    const { names, data, fresh } = this.drawing;
    const key = names.join("\n");
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
    const { max, height } = this.figure.dataset;
    this.plot = drawPlot(this.place, this.shown, {
      unit: this.unit,
      max: max ? Number(max) : undefined,
      height: Number(height ?? 180),
      onCursor: (index) => this.fillValues(index),
    });
    this.hidden.forEach((name) => this.plot.setSeries(this.drawing.names.indexOf(name) + 1, { show: false }));
    this.buildLegend();
  }

  resize() {
    const width = this.place.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.plot.height });
  }

  buildLegend() {
    this.legend.replaceChildren(...this.drawing.names.map((name, index) => {
      const item = make("li", "");
      const button = make("button", "mn-chart__line");
      button.type = "button";
      button.ariaPressed = String(!this.hidden.has(name));
      button.append(make("i", `mn-chart__key ${colourClass(index)}`), make("span", "mn-chart__name", name), make("b", "mn-chart__value"));
      button.addEventListener("click", () => this.toggleLine(button, name));
      item.append(button);
      return item;
    }));
  }

  toggleLine(button, name) {
    const show = this.hidden.has(name);
    if (show) this.hidden.delete(name);
    else this.hidden.add(name);
    button.ariaPressed = String(show);
    this.plot.setSeries(this.drawing.names.indexOf(name) + 1, { show });
  }

  /** Values under the cursor, else the newest ones. */
  fillValues(index) {
    this.legend.querySelectorAll(".mn-chart__value").forEach((place, at) => {
      const line = this.drawing.data[at + 1];
      place.textContent = formatValue(index === null ? lastValue(line, this.drawing.data[0], this.drawing.fresh) : line[index], this.unit);
    });
  }

  showTable(show) {
    this.table.hidden = !show;
    this.toggle.ariaExpanded = String(show);
    this.toggle.textContent = show ? "Chart only" : "Table";
    if (show) this.fillTable();
  }

  fillTable() {
    const table = make("table", "mn-table mn-table--sm");
    const head = table.createTHead().insertRow();
    ["Time", ...this.drawing.names].forEach((name) => {
      const cell = make("th", name === "Time" ? "" : "mn-num", name);
      cell.scope = "col";
      head.append(cell);
    });
    const body = table.createTBody();
    for (const [time, ...values] of tableRows(this.drawing.data, TABLE_ROWS)) {
      const row = body.insertRow();
      row.insertCell().textContent = clockText(time, 1);
      values.forEach((value) => row.append(make("td", "mn-num", formatValue(value, this.unit))));
    }
    this.table.replaceChildren(table);
  }
}

const charts = new Map();

function startCharts() {
  document.querySelectorAll("figure[data-chart]").forEach((figure) => {
    if (!charts.has(figure)) charts.set(figure, new Chart(figure));
  });
  for (const figure of charts.keys()) if (!figure.isConnected) charts.delete(figure);
}

startCharts();
document.addEventListener("htmx:after:swap", startCharts);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) charts.forEach((chart) => chart.load());
});
// Colours live inside the canvas: a change of theme means drawing again.
new MutationObserver(() => charts.forEach((chart) => chart.redraw())).observe(document.documentElement, {
  attributeFilter: ["data-bs-theme"],
});
