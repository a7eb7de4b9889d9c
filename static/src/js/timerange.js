// Pure: what time the charts of a page show. A page's address says it, so that a link shows the same to everybody.

export const PRESETS = { "15m": 900, "1h": 3600, "6h": 21_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000 };
export const COMPARISONS = { "1h": 3600, "1d": 86_400, "1w": 604_800 };
export const COMPARED = { "1h": "an hour before", "1d": "a day before", "1w": "a week before" };
export const RANKS = ["mean", "last", "max"];
export const USUAL = "1h";
export const TOP = 10;
const LONGEST = 400 * 86_400;
const SHORTEST = 10;
const OURS = ["range", "from", "to", "compare", "top", "events"];

/** A mistake in something typed; `field` is "from" or "to". */
export class WrongTime extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** A time of an address: epoch seconds or ISO; null for anything else. */
function timeOf(text) {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text);
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) / 1000 : NaN;
  return Number.isFinite(at) ? at : null;
}

/** Why a window of time cannot be shown, as {field, message}; null when it can. */
function wrongWindow(from, to) {
  if (from >= to) return { field: "from", message: "From must lie before To." };
  if (to - from > LONGEST) return { field: "from", message: "From lies more than 400 days before To." };
  return null;
}

function fixedWindow(params) {
  const [from, to] = ["from", "to"].map((name) => timeOf(params.get(name) ?? ""));
  const missing = from === null ? "from" : to === null ? "to" : "";
  if (missing) return { problem: `${missing}= in the address is no time; this is the last hour.` };
  const wrong = wrongWindow(from, to);
  return wrong ? { problem: `${wrong.message} This is the last hour.` } : { from, to };
}

function timeIn(params) {
  if (params.has("from") || params.has("to")) return fixedWindow(params);
  const range = params.get("range");
  if (range === null || Object.hasOwn(PRESETS, range)) return { range: range ?? USUAL };
  return { problem: `The address asks for range=${range}; known are ${Object.keys(PRESETS).join(", ")}. This is the last hour.` };
}

const TIMES = ["range", "from", "to"];

/**
 * What an address says: {range} (up to now) or {from, to} (epoch seconds), compare, top (a rank or "all"), events.
 * `problem` tells of what it says wrongly. `usual` is a query with the time that a page shows whose address says none.
 */
export function readView(search, usual = "") {
  const params = new URLSearchParams(search);
  const { problem = "", ...time } = timeIn(TIMES.some((name) => params.has(name)) ? params : new URLSearchParams(usual));
  const compare = params.get("compare") ?? "";
  const top = params.get("top") ?? RANKS[0];
  return {
    ...(problem ? { range: USUAL } : time),
    compare: Object.hasOwn(COMPARISONS, compare) ? compare : "",
    top: top === "all" || RANKS.includes(top) ? top : RANKS[0],
    events: params.get("events") !== "0",
    problem,
  };
}

const iso = (epoch) => new Date(Math.round(epoch) * 1000).toISOString().replace(".000Z", "Z");

/** The address's query for a view; what is usual is left out (unless the page has a usual time of its own), and what is not ours stays. */
export function writeView(view, search, usual = "") {
  const params = new URLSearchParams(search);
  OURS.forEach((name) => params.delete(name));
  if (!isLive(view)) {
    params.set("from", iso(view.from));
    params.set("to", iso(view.to));
  } else if (view.range !== USUAL || usual) params.set("range", view.range);
  if (view.compare) params.set("compare", view.compare);
  if (view.top !== RANKS[0]) params.set("top", view.top);
  if (!view.events) params.set("events", "0");
  const text = params.toString().replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** Whether a view follows the time. */
export const isLive = (view) => view.from === undefined;

/** The view, standing still at a window. */
export function fixed(view, { from, to }) {
  const { range: _range, ...rest } = view;
  return { ...rest, from: Math.floor(from), to: Math.ceil(to), problem: "" };
}

/** The view, following the time over a preset. */
export function following(view, range) {
  const { from: _from, to: _to, ...rest } = view;
  return { ...rest, range, problem: "" };
}

/** The shortest preset that holds a span of seconds. */
export function presetFor(span) {
  return Object.keys(PRESETS).find((name) => PRESETS[name] >= span - 1) ?? "30d";
}

/** A window twice as long about the same middle, that does not reach into the future; and a part of one, widened if too short. */
export function zoomedOut({ from, to }, now) {
  const span = Math.min((to - from) * 2, LONGEST);
  const end = Math.min((from + to) / 2 + span / 2, Math.max(now, to));
  return { from: Math.max(0, end - span), to: end };
}

export function zoomedIn({ from, to }) {
  const middle = (from + to) / 2;
  return to - from < SHORTEST ? { from: middle - SHORTEST / 2, to: middle + SHORTEST / 2 } : { from, to };
}

const two = (number) => String(number).padStart(2, "0");

/** Local time as it is typed: 2026-01-31 09:00, with seconds where there are some. */
export function typedText(epoch) {
  const time = new Date(Math.round(epoch) * 1000);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const seconds = time.getSeconds() ? `:${two(time.getSeconds())}` : "";
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}${seconds}`;
}

const TYPED = /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?[ T]?(?:(\d{1,2}):(\d\d)(?::(\d\d))?)?$/;
const NAMES = { from: "From", to: "To" };

/** Epoch seconds of what a person typed as local time. Throws WrongTime that names the field. */
export function typedTime(text, field, now) {
  const words = text.trim();
  if (words === "now" || (!words && field === "to")) return now;
  const match = TYPED.exec(words);
  if (!words || !match || words === "T") throw new WrongTime(field, `${NAMES[field]} must be a date and time such as 2026-01-31 09:00${words ? `, not “${words.slice(0, 40)}”` : ""}.`);
  const today = new Date(now * 1000);
  const [year, month, day] = match[1] ? match.slice(1, 4).map(Number) : [today.getFullYear(), today.getMonth() + 1, today.getDate()];
  const [hour, minute, second] = match.slice(4, 7).map((part) => Number(part ?? 0));
  const time = new Date(year, month - 1, day, hour, minute, second);
  const kept = time.getMonth() === month - 1 && time.getDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!kept) throw new WrongTime(field, `${NAMES[field]}: there is no ${words}.`);
  return time.getTime() / 1000;
}

/** {from, to} of two typed times. Throws WrongTime. */
export function typedWindow(fromText, toText, now) {
  const from = typedTime(fromText, "from", now);
  const to = typedTime(toText, "to", now);
  const wrong = wrongWindow(from, to);
  if (wrong) throw new WrongTime(wrong.field, wrong.message);
  return { from, to };
}

/** The zone of local time at a moment: UTC+01:00 (Europe/Berlin). */
export function zoneText(epoch) {
  const minutes = -new Date(epoch * 1000).getTimezoneOffset();
  const size = Math.abs(minutes);
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}${name ? ` (${name})` : ""}`;
}

/** A window in words, to the minute unless it is short: the day only once where both ends share it. */
export function windowText({ from, to }) {
  const [begin, end] = [from, to].map((at) => typedText(to - from < 600 ? at : Math.round(at / 60) * 60));
  return begin.slice(0, 10) === end.slice(0, 10) ? `${begin} – ${end.slice(11)}` : `${begin} – ${end}`;
}
