// What happened in the range of the charts: marks for them, and a list for everybody.
import { make } from "./elements.js";
import { fetchJson, withParameter } from "./http.js";
import { typedText } from "./timerange.js";

/** Pure: marks of a list of events; what takes time has one at its end as well. */
export function marksOf(events, { from, to }) {
  const marks = events.flatMap(({ at, until, tone, title }) => [
    { at, tone: until === null ? tone : "changing", title },
    ...(until === null ? [] : [{ at: until, tone, title: `${title}: over` }]),
  ]);
  return marks.filter(({ at }) => at >= from && at <= to).sort((one, other) => one.at - other.at);
}

/** Pure: how many there are, in words. */
export const countText = ({ events, more }) => (more ? `the newest ${events.length}; there are more` : `${events.length || "nothing"}`);

function itemOf({ at, until, tone, title, text, url }) {
  const item = make("li", `mn-timeline__item mn-timeline__item--${tone}`);
  const time = make("time", "", until && until - at >= 1 ? `${typedText(at)} – ${typedText(until).slice(11)}` : typedText(at));
  time.dateTime = new Date(at * 1000).toISOString();
  const words = make("p", "");
  const link = make("a", "", title);
  link.href = url;
  words.append(link, " ", make("span", "mn-muted", text));
  item.append(time, words);
  return item;
}

export class Happened {
  /** @param {string} url of /api/v1/events, with what they shall be about @param {(marks: object[]) => void} onMarks */
  constructor(url, onMarks) {
    Object.assign(this, { url, onMarks });
    this.panel = document.querySelector("[data-happened]");
    this.round = 0;
  }

  /** Ask what happened in a window; null: show nothing at all. */
  async ask(window) {
    this.round += 1;
    const { round } = this;
    if (this.panel) this.panel.hidden = !window;
    if (!window) return this.onMarks([]);
    const url = withParameter(withParameter(this.url, "from", window.from), "to", window.to);
    try {
      const answer = await fetchJson(url);
      if (round === this.round) this.show(answer, window);
    } catch (error) {
      if (round === this.round) this.note(`not known: ${error.message}`);
    }
  }

  show(answer, window) {
    this.onMarks(marksOf(answer.events, window));
    if (!this.panel) return;
    this.note(countText(answer));
    const list = make("ol", "mn-timeline");
    list.append(...answer.events.map(itemOf));
    this.panel.querySelector("[data-happened-body]").replaceChildren(answer.events.length ? list : make("p", "mn-muted", "Nothing happened in this range."));
  }

  note(text) {
    const place = this.panel?.querySelector("[data-happened-note]");
    if (place) place.textContent = text;
  }
}
