// One panel of a dashboard in its editor: fields, the search for metrics, and a chart of what they give.
import { fetchJson } from "./http.js";
import { icon } from "./icons.js";

export const LABELS = ["service", "cluster", "job", "task", "host"];
const FRESH = { kind: "chart", title: "", width: "half", text: "", metrics: [], combine: "each", top: 5, rate: false, unit: "count", service: "", cluster: "", job: "", task: "", host: "" };
const PAUSE_MS = 300;
const FINDS = 30;
let made = 0;

/** The address under which /api/v1/series tells what a chart panel draws. */
export function seriesUrl(base, panel) {
  const query = new URLSearchParams(panel.metrics.map((metric) => ["metric", metric]));
  for (const label of LABELS) if (panel[label]) query.append(label, panel[label]);
  if (panel.rate) query.append("rate", "1");
  if (panel.combine !== "each") query.append("combine", panel.combine);
  if (panel.combine === "top") query.append("top", panel.top);
  return `${base}?${query}`;
}

function later(action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, PAUSE_MS);
  };
}

export class PanelForm {
  /** @param {object} panel what is kept of it @param {DOMStringMap} urls seriesUrl, namesUrl @param {object} on what the list does */
  constructor(panel, urls, on) {
    this.panel = { ...FRESH, ...panel };
    this.urls = urls;
    this.on = on;
    this.titles = {};
    this.element = document.getElementById("panel-template").content.firstElementChild.cloneNode(true);
    this.nameFields();
    this.fill();
    this.searchSoon = later(() => this.search());
    this.drawSoon = later(() => this.draw());
    this.listen();
    if (this.panel.kind === "chart") this.refresh();
  }

  find(name) {
    return this.element.querySelector(`[data-name="${name}"]`);
  }

  nameFields() {
    made += 1;
    this.element.querySelectorAll("[data-name]").forEach((field) => (field.id = `panel-${made}-${field.dataset.name}`));
    this.element.querySelectorAll("[data-for]").forEach((label) => (label.htmlFor = `panel-${made}-${label.dataset.for}`));
    const status = this.element.querySelector("[data-found]");
    status.id = `panel-${made}-found`;
    this.find("search").setAttribute("aria-describedby", status.id);
  }

  fill() {
    for (const part of this.element.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== this.panel.kind;
    for (const name of ["title", "width", "text", "combine", "top", "unit"]) this.find(name).value = this.panel[name];
    this.find("rate").checked = this.panel.rate;
    for (const label of LABELS) this.offer(label, []);
    this.showPicked();
  }

  listen() {
    this.element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.on[button.dataset.do](this);
    });
    this.element.addEventListener("input", ({ target }) => this.changed(target));
    this.find("search").addEventListener("focus", () => this.searchSoon());
    this.find("search").addEventListener("keydown", (event) => this.fromSearch(event));
    this.element.querySelector("[data-finds]").addEventListener("keydown", (event) => this.fromFinds(event));
  }

  changed(field) {
    const { name } = field.dataset;
    if (name === "search") {
      this.searchSoon();
      return;
    }
    this.panel[name] = field.type === "checkbox" ? field.checked : field.type === "number" ? Number(field.value) : field.value;
    this.on.change();
    if (LABELS.includes(name)) this.refresh();
    if (this.panel.kind === "chart" && name !== "width") this.drawSoon();
    this.showTop();
  }

  /** Enter in the search takes the first metric that fits and does not save the dashboard; down goes to the list. */
  fromSearch(event) {
    const first = this.element.querySelector(".mn-finds__one");
    if (event.key === "Enter") {
      event.preventDefault();
      first?.click();
    }
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  }

  fromFinds(event) {
    const buttons = [...this.element.querySelectorAll(".mn-finds__one")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    (buttons[to] ?? this.find("search")).focus();
  }

  number(at, of) {
    const kind = this.panel.kind === "chart" ? "Chart" : "Text";
    this.element.querySelector("[data-heading]").textContent = `${at}. ${kind}`;
    this.element.querySelector('[data-do="up"]').disabled = at === 1;
    this.element.querySelector('[data-do="down"]').disabled = at === of;
  }

  begin() {
    this.find(this.panel.kind === "chart" ? "search" : "title").focus();
  }

  focusHeading() {
    this.element.querySelector("[data-heading]").focus();
  }

  tell(text) {
    const place = this.element.querySelector("[data-panel-error]");
    place.textContent = text;
    place.hidden = !text;
  }

  value() {
    return { ...this.panel };
  }

  ask(query) {
    for (const label of LABELS) if (this.panel[label]) query.append(label, this.panel[label]);
    return fetchJson(`${this.urls.namesUrl}?${query}`);
  }

  async search() {
    const status = this.element.querySelector("[data-found]");
    const words = this.find("search").value.trim();
    try {
      const { metrics, left_off: more } = await this.ask(new URLSearchParams({ q: words, limit: FINDS }));
      if (words !== this.find("search").value.trim()) return;
      this.showFinds(metrics.filter(({ name }) => !this.panel.metrics.includes(name)));
      if (metrics.length) status.textContent = more ? `${metrics.length + more} metrics fit; the first ${metrics.length} are shown.` : "";
      else status.textContent = words ? `No metric holds “${words}” in what is chosen below.` : "Nothing was measured so far in what is chosen below.";
    } catch (error) {
      status.textContent = error.message;
    }
  }

  showFinds(metrics) {
    const items = metrics.map((metric) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mn-finds__one";
      const title = document.createElement("span");
      title.textContent = metric.title;
      const about = document.createElement("span");
      about.className = "mn-muted";
      about.textContent = `${metric.title === metric.name ? "" : `${metric.name} · `}${metric.series} series`;
      button.append(title, about);
      button.addEventListener("click", () => this.pick(metric));
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    this.element.querySelector("[data-finds]").replaceChildren(...items);
  }

  /** The first metric says in which unit it is, and whether its growth is meant. */
  pick(metric) {
    if (!this.panel.metrics.length) {
      this.panel.rate = metric.counter;
      this.panel.unit = metric.counter ? (metric.unit === "bytes" ? "bytes_per_second" : "per_second") : metric.unit;
      this.find("rate").checked = this.panel.rate;
      this.find("unit").value = this.panel.unit;
    }
    this.panel.metrics = [...this.panel.metrics, metric.name];
    this.titles[metric.name] = metric.title;
    this.element.querySelector("[data-finds]").replaceChildren();
    this.element.querySelector("[data-found]").textContent = `Added ${metric.title}.`;
    this.find("search").value = "";
    this.find("search").focus({ preventScroll: true });
    this.repicked();
  }

  drop(metric) {
    this.panel.metrics = this.panel.metrics.filter((one) => one !== metric);
    this.find("search").focus({ preventScroll: true });
    this.repicked();
  }

  repicked() {
    this.showPicked();
    this.on.change();
    this.refresh();
  }

  showPicked() {
    const items = this.panel.metrics.map((metric) => {
      const item = document.createElement("li");
      item.className = "mn-picked__one";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mn-iconbtn";
      button.ariaLabel = `Leave out ${metric}`;
      button.append(icon("close"));
      button.addEventListener("click", () => this.drop(metric));
      item.append(metric, button);
      return item;
    });
    this.element.querySelector("[data-picked]").replaceChildren(...items);
    this.showTop();
  }

  showTop() {
    this.element.querySelector("[data-top]").hidden = this.panel.combine !== "top";
  }

  /** What may be chosen as labels follows the metrics and the other labels. */
  async refresh() {
    try {
      const { labels, metrics } = await this.ask(new URLSearchParams([["limit", "1000"], ...this.panel.metrics.map((metric) => ["metric", metric])]));
      for (const { name, title } of metrics) this.titles[name] = title;
      for (const label of LABELS) this.offer(label, labels[label]);
    } catch (error) {
      this.element.querySelector("[data-found]").textContent = error.message;
    }
    this.drawSoon(); // now that the titles are known
  }

  offer(label, values) {
    const kept = this.panel[label];
    const all = new Option("all", "");
    const missing = kept && !values.includes(kept) ? [new Option(`${kept} (nothing measured)`, kept)] : [];
    const field = this.find(label);
    field.replaceChildren(all, ...missing, ...values.map((value) => new Option(value, value)));
    field.value = kept;
  }

  draw() {
    const place = this.element.querySelector("[data-preview]");
    if (!this.panel.metrics.length) {
      place.replaceChildren();
      return;
    }
    const figure = document.createElement("figure");
    figure.className = "mn-chart";
    Object.assign(figure.dataset, {
      chart: "", unit: this.panel.unit || "count", empty: "No samples of this in the time range.",
      seriesUrl: seriesUrl(this.urls.seriesUrl, this.panel),
      titles: JSON.stringify(Object.fromEntries(this.panel.metrics.map((metric) => [metric, this.titles[metric] ?? metric]))),
    });
    const caption = document.createElement("figcaption");
    caption.className = "mn-chart__title";
    caption.textContent = this.panel.title || "Preview";
    figure.append(caption);
    place.replaceChildren(figure);
    document.dispatchEvent(new Event("htmx:after:swap")); // the charts' own script looks for new figures then
  }
}
