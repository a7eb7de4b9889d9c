// One uPlot drawing in the colours of the page: axes, scales, dashes, shared cursor.
import uPlot from "uplot";
import { formatValue, isBinary } from "./units.js";

const COLOURS = 8;
const DASHES = [[], [8, 3], [2, 3], [10, 3, 2, 3]];
const BINARY_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
const DAY = 86_400;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const colourClass = (index) => `mn-series--${(index % COLOURS) + 1}`;

const two = (number) => String(number).padStart(2, "0");

/** Local time, 24 hours; seconds and dates only where the axis is that fine or that long. */
export function clockText(epoch, step) {
  const time = new Date(epoch * 1000);
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  if (step >= DAY) return day;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  return step < 60 ? `${clock}:${two(time.getSeconds())}` : clock;
}

function xAxis(common) {
  return { ...common, space: 64, size: 26, values: (_plot, splits, _axis, _space, step) => splits.map((at) => clockText(at, step)) };
}

function yAxis(common, unit) {
  const axis = { ...common, space: 32, size: 62, values: (_plot, splits) => splits.map((value) => formatValue(value, unit)) };
  return isBinary(unit) ? { ...axis, incrs: BINARY_STEPS } : axis;
}

/** From zero (or below, when values are) up to a little above the highest, or to a fixed top. */
function yRange(fixedTop) {
  return (_plot, low, high) => {
    const top = fixedTop ?? (high > 0 ? high * 1.1 : 1);
    return [Math.min(0, low ?? 0), top];
  };
}

function line(name, index, unit) {
  const colour = css(`--mn-series-${(index % COLOURS) + 1}`);
  const dash = DASHES[index % DASHES.length];
  const drawn = unit === "bool" ? { paths: uPlot.paths.stepped({ align: 1 }) } : {};
  return { label: name, stroke: colour, width: 1.5, dash, points: { show: false }, spanGaps: false, ...drawn };
}

/**
 * Draws into `place`.
 * @param {{names: string[], data: number[][], from: number, to: number}} drawing epoch seconds
 * @param {{unit: string, max?: number, height: number, onCursor: (index: number|null) => void}} options
 */
export function drawPlot(place, drawing, { unit, max, height, onCursor }) {
  const common = {
    stroke: css("--mn-muted"),
    font: `11px ${css("--bs-body-font-family") || "sans-serif"}`,
    grid: { stroke: css("--mn-grid"), width: 1 },
    ticks: { show: false },
  };
  const options = {
    width: Math.max(place.clientWidth, 120),
    height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: "minos" }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true, range: () => [drawing.from, drawing.to] }, y: { range: yRange(max) } },
    axes: [xAxis(common), yAxis(common, unit)],
    series: [{}, ...drawing.names.map((name, index) => line(name, index, unit))],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
  return new uPlot(options, drawing.data, place);
}
