// Where the keyboard is: when a poll or a button takes away what has the focus, it goes to the same thing in the new page, else
// to what stood around it. On the body it would be lost: the next Tab would begin at the top.

let was = null;

const reads = (element) => `${element.tagName} ${element.getAttribute("href") ?? element.name ?? ""} ${element.textContent.trim()}`;
const isSeen = (element) => element.isConnected && !element.disabled && element.getClientRects().length > 0;

/** Remembers what has the focus: the thing, how it reads, and the ids of what it stands in, the nearest first. */
export function noteFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) {
    if (was && isSeen(was.element)) was = null; // left, not lost
    return;
  }
  const around = [];
  for (let outer = element.parentElement; outer; outer = outer.parentElement) if (outer.id) around.push(outer.id);
  was = { element, id: element.id, reads: reads(element), around };
}

function alike(place) {
  return [...place.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .find((element) => reads(element) === was.reads && isSeen(element));
}

/** The thing itself if it is there again, else one that reads alike nearby, else the heading of what is left around it. */
function successor() {
  const same = was.id && document.getElementById(was.id);
  if (same && isSeen(same)) return same;
  const place = was.around.map((id) => document.getElementById(id)).find((outer) => outer && isSeen(outer));
  if (!place) return document.getElementById("main");
  return alike(place) ?? place.querySelector("h1, h2") ?? place;
}

/** Gives the focus back, if it was lost since it was noted. */
export function keepFocus() {
  if (!was || document.activeElement !== document.body || isSeen(was.element)) return;
  const next = successor();
  was = null;
  if (!next) return;
  if (next.tabIndex < 0) {
    next.tabIndex = -1;
    next.dataset.focusKept = "";
  }
  next.focus({ preventScroll: true });
}

/** The first field that was refused is where the work goes on. */
function toFirstMistake() {
  if (document.activeElement !== document.body) return;
  document.querySelector("main .is-invalid:not([disabled])")?.focus();
}

export function startFocus() {
  document.addEventListener("htmx:before:swap", noteFocus);
  document.addEventListener("htmx:after:swap", keepFocus);
  toFirstMistake();
}
