// One uPlot drawing in the colours of the page: axes, scales, dashes, shared cursor, marks, a range drawn by hand.
import uPlot from "uplot";
import { formatValue, isBinary } from "./units.js";

const COLOURS = 8;
const DASHES = [[], [8, 3], [2, 3], [10, 3, 2, 3]];
const EARLIER_DASH = [3, 4];
const EARLIER_STRENGTH = 0.5;
const BINARY_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
const DAY = 86_400;
const SHORTEST_DRAG = 4; // pixels: less is a click
const SHARED = new Set(["mousemove", "mouseleave"]); // of what a mouse does, what the other charts follow
const TONES = { running: "--mn-green", down: "--mn-red", stopped: "--mn-grey", changing: "--mn-blue", maintenance: "--mn-amber" };

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const colourClass = (index) => `mn-series--${(index % COLOURS) + 1}`;

const two = (number) => String(number).padStart(2, "0");

/** Local time, 24 hours; seconds and dates only where the axis is that fine or that long. */
export function clockText(epoch, step) {
  const time = new Date(epoch * 1000);
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  if (step >= DAY) return day;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  if (step >= 60 && clock === "00:00") return day;
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

/** A line of an earlier time: the same colour, fainter and dashed. */
const earlierLine = (name, index, unit) => ({ ...line(name, index, unit), dash: EARLIER_DASH, width: 1, alpha: EARLIER_STRENGTH });

/** Thin upright lines where something happened. */
function drawMarks(plot, marks) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = uPlot.pxRatio;
  for (const { at, tone } of marks) {
    const x = Math.round(plot.valToPos(at, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = css(TONES[tone] ?? "--mn-grey");
    ctx.globalAlpha = 0.55;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function chosenRange(plot, onRange) {
  const { left, width } = plot.select;
  if (width < SHORTEST_DRAG) return;
  const [from, to] = [left, left + width].map((place) => plot.posToVal(place, "x"));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onRange({ from, to });
}

/**
 * Draws into `place`. What `drawing` holds is read again whenever the plot draws itself anew.
 * @param {{names: string[], pairs: number[], data: number[][], from: number, to: number, marks: object[]}} drawing epoch seconds
 * @param {{unit: string, max?: number, height: number, onCursor: (plot: uPlot) => void, onRange: (window: object) => void}} options
 */
export function drawPlot(place, drawing, { unit, max, height, onCursor, onRange }) {
  const common = {
    stroke: css("--mn-muted"),
    font: `11px ${css("--bs-body-font-family") || "sans-serif"}`,
    grid: { stroke: css("--mn-grid"), width: 1 },
    ticks: { show: false },
  };
  const { names, pairs } = drawing;
  const options = {
    width: Math.max(place.clientWidth, 120),
    height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: {
      sync: { key: "minos", filters: { pub: (type) => SHARED.has(type), sub: () => true } },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => null },
      points: { size: 6 },
    },
    scales: { x: { time: true, range: () => [drawing.from, drawing.to] }, y: { range: yRange(max) } },
    axes: [xAxis(common), yAxis(common, unit)],
    series: [{}, ...names.map((name, index) => line(name, index, unit)), ...pairs.map((index) => earlierLine(names[index], index, unit))],
    hooks: {
      setCursor: [onCursor],
      setSelect: [(plot) => chosenRange(plot, onRange)],
      drawAxes: [(plot) => drawMarks(plot, drawing.marks)],
    },
  };
  return new uPlot(options, drawing.data, place);
}
