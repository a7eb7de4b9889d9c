// A chart as a file: its numbers as CSV, its picture as PNG.
import { colourClass } from "./plot.js";

// What a spreadsheet takes for the beginning of a formula.
const FORMULA = /^[=+\-@\t\r]/;

/** A text as a field of CSV; one that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvText(text) {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const number = (value) => (value === null || value === undefined ? "" : String(value));
const iso = (epoch) => new Date(epoch * 1000).toISOString().replace(".000Z", "Z");

/** Pure: all lines of a drawing (see series.js), a row for each time that has a number. `earlier` says when dashed lines are of. */
export function csvOf({ whole, pairs, data }, earlier = "") {
  const names = [...whole, ...pairs.map((line) => `${whole[line]} (${earlier})`)];
  const rows = data[0].flatMap((time, at) => {
    const values = data.slice(1).map((line) => number(line[at]));
    return values.some(Boolean) ? [[iso(time), ...values].join(",")] : [];
  });
  return `${["time", ...names].map(csvText).join(",")}\r\n${rows.map((row) => `${row}\r\n`).join("")}`;
}

/** Pure: a file's name of a title and a time. */
export function fileName(title, epoch, ending) {
  const words = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "chart";
  return `${words}-${iso(Math.floor(epoch)).replaceAll(":", "")}.${ending}`;
}

/** Hands a blob to the reader's browser as a file. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const LINE = 18;
const css = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

/** The plot with its title above and its lines' names below, in the colours of the page, as a canvas. */
export function picture(plot, title, names) {
  const root = document.documentElement;
  const source = plot.ctx.canvas;
  const scale = source.width / plot.width;
  const canvas = document.createElement("canvas");
  canvas.width = source.width;
  canvas.height = source.height + (2 + names.length) * LINE * scale;
  const pen = canvas.getContext("2d");
  pen.fillStyle = css(root, "--mn-surface");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 1.5 * LINE * scale);
  pen.scale(scale, scale);
  const font = css(document.body, "font-family") || "sans-serif";
  const ink = css(root, "--mn-text");
  pen.font = `600 13px ${font}`;
  pen.fillStyle = ink;
  pen.fillText(title, 8, LINE);
  pen.font = `12px ${font}`;
  names.forEach(({ name, index }, at) => {
    const top = plot.height + (at + 2.2) * LINE;
    pen.fillStyle = css(root, `--mn-series-${colourClass(index).slice(-1)}`);
    pen.fillRect(8, top - 5, 14, 3);
    pen.fillStyle = ink;
    pen.fillText(name, 28, top);
  });
  return canvas;
}
