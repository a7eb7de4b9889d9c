// The lines of a chart by name, with their values: pressing one hides it, "only" hides all others.
import { colourClass } from "./plot.js";
import { make } from "./elements.js";

export class Legend {
  /** @param {(name: string, show: boolean) => void} onShow is told of every line that comes or goes */
  constructor(onShow) {
    this.onShow = onShow;
    this.hidden = new Set();
    this.names = [];
    this.list = make("ul", "mn-chart__legend");
    this.more = make("p", "mn-chart__more");
    this.more.hidden = true;
  }

  /** One item for each name, as they were shown before; `unseen` lines are not here at all. */
  fill(names, unseen) {
    this.names = names;
    this.list.replaceChildren(...names.map((name, index) => this.item(name, index, names.length > 1)));
    this.more.hidden = !unseen;
    this.more.textContent = unseen ? `${unseen} more ${unseen === 1 ? "line" : "lines"} not shown` : "";
  }

  item(name, index, several) {
    const item = make("li", "mn-chart__item");
    const button = make("button", "mn-chart__line");
    button.type = "button";
    button.ariaPressed = String(!this.hidden.has(name));
    button.append(make("i", `mn-chart__key ${colourClass(index)}`), make("span", "mn-chart__name", name), make("b", "mn-chart__value"), make("span", "mn-chart__earlier"));
    button.addEventListener("click", () => this.show(name, this.hidden.has(name)));
    item.append(button);
    if (several) item.append(this.onlyButton(name));
    return item;
  }

  onlyButton(name) {
    const only = make("button", "mn-chart__only", "only");
    only.type = "button";
    only.ariaLabel = `Only ${name}`;
    only.addEventListener("click", () => this.only(name));
    return only;
  }

  show(name, show) {
    if (show) this.hidden.delete(name);
    else this.hidden.add(name);
    const button = this.list.children[this.names.indexOf(name)]?.querySelector(".mn-chart__line");
    if (button) button.ariaPressed = String(show);
    this.onShow(name, show);
  }

  /** This one alone; all of them when it was alone already. */
  only(name) {
    const alone = this.names.every((other) => (other === name) !== this.hidden.has(other));
    this.names.forEach((other) => this.show(other, alone || other === name));
  }

  /** Texts of all lines: values now or under the cursor, and those of the earlier time. */
  values(texts, earlier) {
    [...this.list.children].forEach((item, index) => {
      item.querySelector(".mn-chart__value").textContent = texts[index];
      item.querySelector(".mn-chart__earlier").textContent = earlier[index] ?? "";
    });
  }
}
