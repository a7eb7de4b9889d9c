// Builds static/dist: hashed bundles, an icon sprite, manifest.json for Pyramid's ManifestCacheBuster, .gz and .br.
//
//   node build.mjs            one build, minified and compressed
//   node build.mjs --watch    rebuilds on change, with source maps, uncompressed
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const SRC = "static/src";
const DIST = "static/dist";
const WATCH = process.argv.includes("--watch");

// The bundles; each file's stem becomes its key in the manifest (app.js, style.css ...).
const ENTRIES = ["js/theme.js", "js/app.js", "js/charts.js", "js/editor.js", "js/dashboards.js", "js/figures.js", "css/style.css"];
const IMAGES = ["favicon.svg"];
// Packages whose code or drawings end up in dist: their licences travel along.
const SHIPPED = [
  "@codemirror/autocomplete", "@codemirror/commands", "@codemirror/language", "@codemirror/lint", "@codemirror/search", "@codemirror/state",
  "@codemirror/streamparser", "@codemirror/view", "@lezer/common", "@lezer/highlight", "@lezer/lr", "@marijn/find-cluster-break",
  "@popperjs/core", "bootstrap", "bootstrap-icons", "crelt", "htmx.org", "style-mod", "uplot", "w3c-keyname",
];

/** Writes a file under a name that holds its content's hash; returns that name. */
function writeHashed(name, content) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const hashed = `${stem}-${hash}${ext}`;
  writeFileSync(path.join(DIST, hashed), content);
  return hashed;
}

/** A <symbol> from an svg file's text, keeping only its viewBox and drawing. */
function symbol(id, svg) {
  const [, attributes, body] = /<svg([^>]*)>([\s\S]*)<\/svg>/.exec(svg);
  const viewBox = /viewBox="([^"]+)"/.exec(attributes)[1];
  return `<symbol id="${id}" viewBox="${viewBox}">${body.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function sprite() {
  const icons = JSON.parse(readFileSync(`${SRC}/icons.json`, "utf8"));
  const symbols = Object.entries(icons).map(([id, file]) =>
    symbol(id, readFileSync(`node_modules/bootstrap-icons/icons/${file}.svg`, "utf8")));
  symbols.push(symbol("minos", readFileSync(`${SRC}/img/mark.svg`, "utf8")));
  return `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols.join("\n")}</svg>\n`;
}

function licences() {
  const texts = SHIPPED.map((name) => {
    const folder = path.join("node_modules", name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(path.join(folder, file), "utf8") : ""}`;
  });
  return texts.join(`\n${"-".repeat(80)}\n`);
}

/** manifest.json: plain name -> hashed name, of everything that was built. */
function manifest(metafile) {
  const built = {};
  for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const { name } = path.parse(entryPoint);
    built[name + path.extname(file)] = path.basename(file);
    if (cssBundle) built[`${name}.css`] = path.basename(cssBundle);
  }
  built["icons.svg"] = writeHashed("icons.svg", sprite());
  for (const image of IMAGES) built[image] = writeHashed(image, readFileSync(`${SRC}/img/${image}`));
  return Object.fromEntries(Object.entries(built).sort());
}

function compress() {
  for (const file of readdirSync(DIST).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const content = readFileSync(path.join(DIST, file));
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    writeFileSync(path.join(DIST, `${file}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(path.join(DIST, `${file}.br`), brotliCompressSync(content, brotli));
  }
}

/** The manifest comes last: a build that broke off leaves none and is built again. */
function finish({ metafile, errors }) {
  if (errors.length) return;
  const built = manifest(metafile);
  if (!WATCH) {
    writeFileSync(path.join(DIST, "licenses.txt"), licences());
    compress();
  }
  writeFileSync(path.join(DIST, "manifest.json"), `${JSON.stringify(built, null, 2)}\n`);
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
const options = {
  entryPoints: ENTRIES.map((file) => `${SRC}/${file}`),
  outdir: DIST,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: !WATCH,
  sourcemap: WATCH,
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
  plugins: [{ name: "manifest", setup: (build) => build.onEnd(finish) }],
};
if (WATCH) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
