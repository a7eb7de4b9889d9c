// Ages on the page: <time data-age> reads "12 s ago" and moves each second; data-stale-after fades what nobody confirmed.

// The console's clock minus ours, in ms: ages stay right on a computer whose clock is wrong.
let clockOffset = 0;

/** Learns the console's clock from a date text (ISO or HTTP date); ignores what is no date. */
export function learnClock(text) {
  const time = Date.parse(text ?? "");
  if (!Number.isNaN(time) && Math.abs(time - Date.now() - clockOffset) > 2000) clockOffset = time - Date.now();
}

/** 12 s · 3 min · 2 h 05 min · 3 d 4 h, from seconds. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const secondsSince = (iso) => (Date.now() + clockOffset - Date.parse(iso)) / 1000;

function ageText(seconds, style) {
  if (style === "short") return duration(seconds);
  return seconds < -5 ? `in ${duration(-seconds)}` : `${duration(seconds)} ago`;
}

function showAge(element) {
  const seconds = secondsSince(element.dateTime);
  if (Number.isNaN(seconds)) return;
  const text = ageText(seconds, element.dataset.age);
  if (element.textContent === text) return;
  element.title ||= `${new Date(element.dateTime).toLocaleString()} (${element.dateTime})`;
  element.textContent = text;
}

function showStaleness(element) {
  const seconds = secondsSince(element.dataset.beat);
  element.classList.toggle("is-stale", seconds > Number(element.dataset.staleAfter));
}

function showAges(root = document) {
  root.querySelectorAll("time[data-age]").forEach(showAge);
  root.querySelectorAll("[data-stale-after]").forEach(showStaleness);
}

export function startAges() {
  learnClock(document.querySelector('meta[name="server-time"]')?.content);
  showAges();
  setInterval(showAges, 1000);
  // A morph puts the absolute text back; rewrite it before the browser paints.
  document.addEventListener("htmx:after:swap", () => showAges());
}
