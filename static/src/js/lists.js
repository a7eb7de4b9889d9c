// Lists: rows keep their places while somebody is at them, what is new is announced, ticks are counted, keys move along.

const TOUCHED_MS = 4000;
const touched = new WeakMap();

const bodyOf = (list) => list.querySelector("tbody[data-rows]");
const boxesOf = (body) => [...(body?.querySelectorAll("input[type=checkbox]") ?? [])];

/** Whether somebody is about to do something with these rows: nothing may move under the hand. */
function isHeld(body) {
  if (body.matches(":hover") || body.contains(document.activeElement)) return true;
  if (Date.now() - (touched.get(body) ?? 0) < TOUCHED_MS) return true;
  return boxesOf(body).some((box) => box.checked);
}

/** The new rows in the order of the old ones. Those that left stay, marked; those that came are counted and wait. */
function keepPlaces(old, fresh) {
  const coming = new Map([...fresh.rows].map((row) => [row.id, row]));
  const rows = [...old.rows].map((row) => {
    const found = coming.get(row.id);
    coming.delete(row.id);
    if (found) return found;
    const gone = row.cloneNode(true);
    gone.classList.add("is-gone");
    gone.title = "No longer on this page";
    return gone;
  });
  fresh.replaceChildren(...rows);
  return [...coming.values()].filter((row) => !row.classList.contains("mn-table__detail")).length;
}

function announce(list, number) {
  const button = list?.querySelector("[data-list-new]");
  if (!button) return;
  button.hidden = number === 0;
  button.textContent = number === 1 ? "1 new, show it" : `${number} new, show them`;
}

function beforeSwap({ detail: { tasks } }) {
  for (const task of tasks ?? []) {
    for (const fresh of task.fragment?.querySelectorAll?.("tbody[data-rows]") ?? []) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      const list = old.closest("[data-list]");
      announce(list, isHeld(old) && !list?.dataset.showAll ? keepPlaces(old, fresh) : 0);
      if (list) delete list.dataset.showAll;
    }
  }
}

/** Asks for the list as it is now, and lets its rows go where they belong. */
function showNew(list) {
  boxesOf(bodyOf(list)).filter((box) => box.closest("tr.is-gone")).forEach((box) => {
    box.checked = false;
  });
  list.dataset.showAll = "yes";
  const live = list.querySelector("[hx-get]") ?? list.closest("[hx-get]");
  live?.dispatchEvent(new CustomEvent("minos:again"));
}

function countTicks(list) {
  const place = list.querySelector("[data-bulk]");
  const scope = place?.querySelector("[data-bulk-scope]");
  if (!scope) return;
  const { matching, total } = place.dataset;
  const all = place.querySelector("[data-bulk-all]");
  const ticked = boxesOf(bodyOf(list)).filter((box) => box.checked).length;
  const chosen = all?.checked ? Number(matching) : ticked;
  const words = (number) => Number(number).toLocaleString("en");
  scope.textContent = `${words(chosen)} selected / ${words(matching)} matching / ${words(total)} total`;
}

const countAll = () => document.querySelectorAll("[data-list]").forEach(countTicks);

/** Shift and click ticks all boxes from the last one on. */
let lastBox = null;
function onClick(event) {
  const show = event.target.closest("[data-list-new]");
  if (show) showNew(show.closest("[data-list]"));
  const box = event.target;
  if (!box.matches?.("tbody[data-rows] input[type=checkbox]")) return;
  const boxes = boxesOf(box.closest("tbody"));
  if (event.shiftKey && lastBox && boxes.includes(lastBox)) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => {
      one.checked = box.checked;
    });
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  lastBox = box;
}

/** Up and down go to the same thing in the row above or below. */
function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest?.("tbody[data-rows] tr");
  if (!step || !row || event.altKey || event.ctrlKey || event.metaKey) return;
  const cell = event.target.closest("td, th");
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const target = next?.cells[cell?.cellIndex ?? 0]?.querySelector("a, input, button") ?? next?.querySelector("a, input, button");
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** One menu of a list at a time; Escape and a click elsewhere close it. */
function closeMenus(event) {
  document.querySelectorAll("details.mn-pop[open]").forEach((menu) => {
    const outside = event.type === "click" && !menu.contains(event.target);
    if (!outside && event.key !== "Escape") return;
    menu.open = false;
    if (event.key === "Escape" && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
}

export function startLists() {
  document.addEventListener("htmx:before:swap", beforeSwap);
  document.addEventListener("htmx:after:swap", countAll);
  document.addEventListener("change", countAll);
  document.addEventListener("click", onClick);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("pointerdown", ({ target }) => {
    const body = target.closest?.("tbody[data-rows]");
    if (body) touched.set(body, Date.now());
  });
  countAll();
}
