// Pure: an answer of /api/v1/series turned into what uPlot draws, with gaps, names and a table.
import uPlot from "uplot";

const GAP_STEPS = 2.5;
const SHORTEST_SPAN = 600;
// uPlot.join's ways with nulls: times stay as they are; a gap reaches to the next number.
const KEEP = 1;
const WIDEN = 2;

/** A line's points as [[times], [values]], with a null wherever samples are missing for long. */
function columns(points, step) {
  const times = [];
  const values = [];
  for (const [time, value] of points) {
    const last = times.at(-1);
    if (step && last !== undefined && time - last > GAP_STEPS * step) {
      times.push(last + step);
      values.push(null);
    }
    times.push(time);
    values.push(value);
  }
  return [times, values];
}

/** Label names whose values are not the same on all lines. */
function tellingLabels(series) {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels ?? {})));
  return [...names].filter((name) => new Set(series.map(({ labels }) => labels?.[name])).size > 1);
}

/** A name for each line: the labels that tell lines apart, and the metric's title where it tells something. */
export function lineNames(series, titles) {
  const telling = tellingLabels(series);
  const severalMetrics = new Set(series.map(({ name }) => name)).size > 1;
  return series.map(({ name, labels }) => {
    const words = telling.map((label) => labels?.[label]).filter(Boolean);
    if (severalMetrics || !words.length) words.unshift(titles[name] ?? name);
    return words.join(" · ");
  });
}

/** {data: [times, values, values ...], names} for uPlot, or null when no line holds a number. */
export function plotData({ series, step }, titles) {
  const filled = series.filter(({ points }) => points.some(([, value]) => value !== null));
  if (!filled.length) return null;
  return {
    names: lineNames(filled, titles),
    data: uPlot.join(filled.map(({ points }) => columns(points, step)), filled.map(() => [KEEP, WIDEN])),
  };
}

/** Where the time axis begins: at the first sample when that is later than asked, but never for less than ten minutes. */
export function beginOf({ data }, { from, to }) {
  const first = data[0][0];
  return Math.max(from, Math.min(first, to - SHORTEST_SPAN));
}

/** The newest times first: [[epoch seconds, value ...], ...] of at most `limit` rows that hold a number. */
export function tableRows(data, limit) {
  const rows = [];
  for (let at = data[0].length - 1; at >= 0 && rows.length < limit; at -= 1) {
    const values = data.slice(1).map((line) => line[at]);
    if (values.some((value) => value !== null && value !== undefined)) rows.push([data[0][at], ...values]);
  }
  return rows;
}

/** A line's newest number, or null when the line ended before `since`: what was is not what is. */
export function lastValue(line, times, since) {
  const at = line.findLastIndex((value) => value !== null && value !== undefined);
  return at >= 0 && times[at] >= since ? line[at] : null;
}
