// Completion in cluster files: expressions, sections, keys, jobs, paths. The console tells the words; where the cursor
// stands tells which of them fit.
import { csrfToken, fetchJson } from "./http.js";

/** The words for a text without its line `number`, which is being typed and may be no line yet. */
async function ask(url, doc, number) {
  const { from, to } = doc.line(number);
  return fetchJson(url, {
    method: "POST",
    body: doc.sliceString(0, from) + doc.sliceString(to),
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-CSRF-Token": csrfToken() },
  });
}

/** Names of the sections around a line, outermost first. */
export function sectionsAbove(doc, number) {
  const path = [];
  for (let line = number - 1, depth = Infinity; line >= 1 && depth > 1; line -= 1) {
    const heading = /^\s*(\[+)\s*([^\]]*?)\s*\]+/.exec(doc.line(line).text);
    if (!heading || heading[1].length >= depth) continue;
    depth = heading[1].length;
    path.unshift(heading[2]);
  }
  return path;
}

/** What is being written at the end of `before`: {kind, typed, depth?}; null where nothing can be offered. */
export function wanted(before) {
  const expression = /%\{([^}\s]*)$/.exec(before);
  if (expression) return { kind: "expression", typed: expression[1] };
  const hostWord = /\$\{?(\w*)$/.exec(before);
  if (hostWord) return { kind: "host", typed: hostWord[1] };
  const heading = /^\s*(\[+)\s*([^\]]*)$/.exec(before);
  if (heading) return { kind: "section", typed: heading[2], depth: heading[1].length };
  const value = /^\s*([^=#]+?)\s*=\s*(.*)$/.exec(before);
  if (!value) {
    const key = /^\s*([^\s=#[]*)$/.exec(before);
    return key && { kind: "key", typed: key[1] };
  }
  if (value[1] === "jobs") return { kind: "job", typed: /\S*$/.exec(value[2])[0] };
  const path = /^["']?(?:%\{config_dir\}\/?)?([\w./-]*)$/.exec(value[2]);
  return path && { kind: "path", typed: path[1], key: value[1] };
}

const OPTIONS = {
  expression: (words) => words.expressions.map(([label, detail]) => ({ label, detail, apply: closed })),
  host: (words) => words.host_words.map((label) => ({ label })),
  job: (words) => words.jobs.map(([label, detail]) => ({ label, detail })),
  section: (words, path, { depth }) =>
    (words.sections[path.slice(0, depth - 1).join("/")] ?? [])
      .map(([label, detail]) => ({ label, detail, apply: label + "]".repeat(depth) })),
  key: (words, path) =>
    (words.keys[path.join("/")] ?? []).map(([label, detail]) => ({ label, detail, apply: `${label}=` })),
  path: (words, path, { key }) =>
    path.join("/") === "configuration"
      ? words.paths.filter((label) => key !== "base" || label.endsWith(".cfg")).map((label) => ({ label })) : [],
};

/** Inserts an expression with its closing brace, unless one stands there. */
function closed(view, { label }, from, to) {
  const after = view.state.sliceDoc(to, to + 1) === "}" ? "" : "}";
  const end = from + label.length + 1;
  view.dispatch({ changes: { from, to, insert: label + after }, selection: { anchor: end }, userEvent: "input.complete" });
}

/** A completion source that asks the console at `url`, again only when something but the line at hand has changed. */
export function completions(url) {
  let known = { rest: null, words: null };
  const wordsFor = async (doc, number) => {
    const { from, to } = doc.line(number);
    const rest = doc.sliceString(0, from) + doc.sliceString(to);
    if (known.rest !== rest) known = { rest, words: await ask(url, doc, number) };
    return known.words;
  };
  return async ({ state: { doc }, pos, explicit }) => {
    const line = doc.lineAt(pos);
    const place = wanted(doc.sliceString(line.from, pos));
    if (!place || (!explicit && !place.typed && !["expression", "host", "section"].includes(place.kind))) return null;
    let words;
    try {
      words = await wordsFor(doc, line.number);
    } catch {
      return null; // the check says that the console cannot be asked
    }
    const options = OPTIONS[place.kind](words, sectionsAbove(doc, line.number), place);
    return options.length ? { from: pos - place.typed.length, options, validFor: /^[\w.+:/-]*$/ } : null;
  };
}
