// Values of a task's status page drawn while one looks: a press on a number asks it every few seconds and draws what came.
import { make, makeButton } from "./elements.js";
import { fetchJson } from "./http.js";
import { drawPlot } from "./plot.js";
import { formatValue } from "./units.js";

const PERIOD = 3000;
const ASKING = 700;
const MOST_LINES = 8;
const MOST_POINTS = 1200;
const SHORTEST_SPAN = 60;
const SMALL = "btn btn-sm btn-outline-secondary";

/** Growth per second between neighbours of [[time, value], ...]; a value that fell began anew. */
export function growth(points) {
  return points.slice(1).map(([time, value], index) => {
    const [before, last] = points[index];
    return [time, value < last || time <= before ? null : (value - last) / (time - before)];
  });
}

class Line {
  constructor(group, name, onClose) {
    this.group = group;
    this.name = name;
    this.points = [];
    this.rate = false;
    this.figure = make("figure", "mn-chart");
    const title = make("figcaption", "mn-chart__title", name);
    title.title = group;
    this.note = make("p", "mn-chart__note", "Asking the worker…");
    this.place = make("div", "mn-chart__plot");
    this.value = make("b", "mn-chart__value");
    const per = makeButton(SMALL, "Per second", () => {
      this.rate = !this.rate;
      per.ariaPressed = String(this.rate);
      this.draw();
    });
    per.ariaPressed = "false";
    const foot = make("div", "mn-inline");
    foot.append(this.value, per, makeButton(SMALL, "Close", onClose));
    this.figure.append(title, this.note, this.place, foot);
  }

  add(time, number) {
    if (this.points.length && time <= this.points.at(-1)[0]) return;
    this.points.push([time, number]);
    if (this.points.length > MOST_POINTS) this.points.shift();
    this.say("");
    this.draw();
  }

  say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  draw() {
    const points = this.rate ? growth(this.points) : this.points;
    if (!points.length) {
      this.say("The first growth shows with the next value.");
      return;
    }
    const [times, values] = [points.map(([time]) => time), points.map(([, value]) => value)];
    const unit = this.rate ? "per_second" : "count";
    this.plot?.destroy();
    const [from, to] = [Math.min(times[0], times.at(-1) - SHORTEST_SPAN), times.at(-1)];
    const drawing = { names: [this.name], pairs: [], marks: [], data: [times, values], from, to };
    const onCursor = ({ cursor }) => this.tell(values[cursor.idx ?? values.length - 1], unit);
    this.plot = drawPlot(this.place, drawing, { unit, height: 140, onCursor, onRange: () => {} });
    this.tell(values.at(-1), unit);
  }

  tell(value, unit) {
    this.value.textContent = formatValue(value, unit);
  }
}

class Live {
  constructor(place) {
    this.place = place;
    this.lines = new Map();
  }

  toggle(group, name) {
    const key = JSON.stringify([group, name]);
    const known = this.lines.get(key);
    if (known) {
      known.figure.scrollIntoView({ block: "nearest" });
      return;
    }
    if (this.lines.size >= MOST_LINES) this.close(this.lines.keys().next().value);
    const line = new Line(group, name, () => this.close(key));
    this.lines.set(key, line);
    this.place.append(line.figure);
    line.figure.scrollIntoView({ block: "nearest" });
    this.ask();
  }

  close(key) {
    this.lines.get(key)?.plot?.destroy();
    this.lines.get(key)?.figure.remove();
    this.lines.delete(key);
  }

  async ask() {
    clearTimeout(this.timer);
    if (!this.lines.size || !this.place.isConnected) return;
    let wait = PERIOD;
    if (!document.hidden) {
      const lines = [...this.lines.values()];
      const query = new URLSearchParams(lines.flatMap(({ group, name }) => [["group", group], ["name", name]]));
      try {
        const answer = await fetchJson(`${this.place.dataset.liveUrl}?${query}`);
        if (answer.state === "asking") wait = ASKING;
        else this.take(answer, lines);
      } catch (error) {
        lines.forEach((line) => line.say(`Not read: ${error.message}`));
      }
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  take({ groups, read_at: readAt }, lines) {
    const told = new Map(groups.flatMap(({ name, values }) => values.map((value) => [JSON.stringify([name, value.name]), value.number])));
    for (const line of lines) {
      const number = told.get(JSON.stringify([line.group, line.name]));
      if (number === undefined || number === null) line.say("The page does not tell it any more.");
      else line.add(readAt, number);
    }
  }
}

const place = document.querySelector("[data-live-url]");
if (place) {
  const live = new Live(place);
  document.addEventListener("click", ({ target }) => {
    const pressed = target.closest("[data-live-name]");
    if (pressed) live.toggle(pressed.dataset.liveGroup, pressed.dataset.liveName);
  });
}
