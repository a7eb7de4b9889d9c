// Numbers with their units, as people read them: 1.5 GB, 63 %, 12 ms.
const BINARY = ["B", "KB", "MB", "GB", "TB", "PB"];
const DECIMAL = ["", "k", "M", "G", "T"];

/** Three significant digits, without needless zeros. */
function short(value) {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return String(Number(value.toFixed(size >= 10 ? 1 : 2)));
}

function scaled(value, base, names) {
  let step = 0;
  while (Math.abs(value) >= base && step < names.length - 1) {
    value /= base;
    step += 1;
  }
  return [short(value), names[step]];
}

function seconds(value) {
  if (value >= 172_800) return `${short(value / 86_400)} d`;
  if (value >= 7200) return `${short(value / 3600)} h`;
  if (value >= 120) return `${short(value / 60)} min`;
  return `${short(value)} s`;
}

/** Thousands of seconds, from nanoseconds on. */
function fineSeconds(value, steps) {
  const size = Math.abs(value);
  if (size >= 1000 && steps.length > 1) return fineSeconds(value / 1000, steps.slice(1));
  return steps[0] === "ms" ? FORMATS.ms(value) : `${short(value)} ${steps[0]}`;
}

const FORMATS = {
  bytes: (value) => scaled(value, 1024, BINARY).join(" "),
  bytes_per_second: (value) => `${scaled(value, 1024, BINARY).join(" ")}/s`,
  percent: (value) => `${short(value)} %`,
  count: (value) => scaled(value, 1000, DECIMAL).join(""),
  per_second: (value) => `${scaled(value, 1000, DECIMAL).join("")}/s`,
  MB: (value) => scaled(value, 1024, BINARY.slice(2)).join(" "),
  GB: (value) => scaled(value, 1024, BINARY.slice(3)).join(" "),
  us: (value) => fineSeconds(value, ["µs", "ms"]),
  ns: (value) => fineSeconds(value, ["ns", "µs", "ms"]),
  ms: (value) => (Math.abs(value) >= 10_000 ? seconds(value / 1000) : `${short(value)} ms`),
  seconds,
  bool: (value) => (value ? "yes" : "no"),
};

/** A value with its unit; "–" for none. A unit nobody knows is written behind the number. */
export function formatValue(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const format = FORMATS[unit];
  return format ? format(value) : `${FORMATS.count(value)} ${unit ?? ""}`.trim();
}

/** Whether a unit's round numbers are powers of two. */
export const isBinary = (unit) => unit === "bytes" || unit === "bytes_per_second";
