// Pure: a chart's answer turned into what uPlot draws, with gaps, names and a table.
import uPlot from "uplot";

const GAP_STEPS = 2.5;
// uPlot.join's ways with nulls: times stay as they are; a gap reaches to the next number.
const KEEP = 1;
const WIDEN = 2;

/** Seconds that usually lie between two points of a line; 0 for fewer than three points. */
function usualDistance(points) {
  const distances = points.slice(1).map(([time], at) => time - points[at][0]).sort((one, other) => one - other);
  return distances.length > 1 ? distances[Math.floor(distances.length / 2)] : 0;
}

/** A line's points as [[times], [values]], with a null wherever samples are missing for long. */
function columns(points, step, shift = 0) {
  const longest = GAP_STEPS * Math.max(step, usualDistance(points));
  const times = [];
  const values = [];
  for (const [time, value] of points) {
    const last = times.at(-1);
    if (step && last !== undefined && time + shift - last > longest) {
      times.push(last + step);
      values.push(null);
    }
    times.push(time + shift);
    values.push(value);
  }
  return [times, values];
}

/** Label names whose values are not the same on all lines. */
function tellingLabels(series) {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels ?? {})));
  return [...names].filter((name) => new Set(series.map(({ labels }) => labels?.[name])).size > 1);
}

/** A name for each line: the labels that tell lines apart, and the metric's title where the chart may hold several. */
export function lineNames(series, titles) {
  const telling = tellingLabels(series);
  const severalMetrics = Object.keys(titles).length > 1 || new Set(series.map(({ name }) => name)).size > 1;
  return series.map(({ name, labels }) => {
    const words = telling.map((label) => labels?.[label]).filter(Boolean);
    if (severalMetrics || !words.length) words.unshift(titles[name] ?? name);
    return words.join(" · ");
  });
}

/** The whole name of a line, as a file has it: metric{host="a",task="1"}. */
export function fullName({ name, labels }) {
  const parts = Object.entries(labels ?? {}).map(([label, value]) => `${label}="${value}"`);
  return parts.length ? `${name}{${parts.join(",")}}` : name;
}

const hasNumbers = ({ points }) => points.some(([, value]) => value !== null);

/**
 * What uPlot draws of {series, earlier?}, or null when no line holds a number: data is [times, values of each line, values
 * of each earlier line], moved by `shift` seconds; `pairs` says to which line (by number) each earlier one belongs.
 */
export function plotData({ series, earlier = [] }, titles, { step, shift = 0 }) {
  const filled = series.filter(hasNumbers);
  if (!filled.length) return null;
  const whole = filled.map(fullName);
  const before = shift ? earlier.filter((line) => hasNumbers(line) && whole.includes(fullName(line))) : [];
  const all = [...filled.map(({ points }) => columns(points, step)), ...before.map(({ points }) => columns(points, step, shift))];
  return {
    names: lineNames(filled, titles),
    whole,
    pairs: before.map((line) => whole.indexOf(fullName(line))),
    data: uPlot.join(all, all.map(() => [KEEP, WIDEN])),
  };
}

/** The newest times first: [[epoch seconds, value ...], ...] of at most `limit` rows of `lines` lines that hold a number. */
export function tableRows(data, lines, limit) {
  const rows = [];
  for (let at = data[0].length - 1; at >= 0 && rows.length < limit; at -= 1) {
    const values = data.slice(1, lines + 1).map((line) => line[at]);
    if (values.some((value) => value !== null && value !== undefined)) rows.push([data[0][at], ...values]);
  }
  return rows;
}

/** A line's newest number, or null when the line ended before `since`: what was is not what is. */
export function lastValue(line, times, since) {
  const at = line.findLastIndex((value) => value !== null && value !== undefined);
  return at >= 0 && times[at] >= since ? line[at] : null;
}
