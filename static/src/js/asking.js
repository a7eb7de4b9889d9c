// Asks for the samples of charts, several in one request, a few requests at a time; a view that is over gets no answer.
import { fetchJson } from "./http.js";

const TOGETHER = 8;
const AT_ONCE = 2;
const FEWEST_POINTS = 120;
const MOST_POINTS = 400;
const POINTS_PER_PIXEL = 0.6;

/** Pure: the address that asks for charts of the queries `queries` in a view (see timerange.js) of `span` seconds. */
export function severalUrl(base, queries, { view, window, points, compare, top }) {
  const params = new URLSearchParams();
  if (view.from === undefined) params.set("span", window.to - window.from);
  else {
    params.set("from", view.from);
    params.set("to", view.to);
  }
  params.set("points", points);
  if (view.top !== "all") {
    params.set("top", top);
    params.set("by", view.top);
  }
  if (compare) params.set("compare", compare);
  queries.forEach((query) => params.append("q", query));
  return `${base}?${params}`;
}

/** Pure: how many points a chart of this width can show. */
export const pointsFor = (width) => Math.round(Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, width * POINTS_PER_PIXEL)));

export class Asker {
  /** @param {(charts: object[]) => string} address what to ask for these charts */
  constructor(address, { onAnswer, onFailure }) {
    Object.assign(this, { address, onAnswer, onFailure });
    this.round = 0;
    this.waiting = [];
    this.open = 0;
  }

  /** Forget what is asked for and not answered: the view has changed. */
  forget() {
    this.round += 1;
    this.waiting = [];
    this.open = 0;
  }

  ask(charts) {
    this.waiting.push(...charts.filter((chart) => !this.waiting.includes(chart)));
    while (this.open < AT_ONCE && this.waiting.length) this.send(this.waiting.splice(0, TOGETHER));
  }

  async send(charts) {
    const { round } = this;
    this.open += 1;
    const told = await fetchJson(this.address(charts)).then(
      (answer) => () => this.onAnswer(charts, answer),
      (error) => () => this.onFailure(charts, error.message),
    );
    if (round !== this.round) return;
    this.open -= 1;
    told();
    this.ask([]);
  }
}
