// The configuration editor: CodeMirror over a textarea, with the console's own checks shown at their lines.
import "../css/editor.css";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { forceLinting, lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { highlighting } from "./cfg-language.js";
import { completions } from "./cfg-words.js";
import { csrfToken, fetchJson } from "./http.js";
import { diagnostics, problemsOnPage, showProblems, whereText } from "./problems.js";

const CHECK_DELAY_MS = 400;

/** The list of the page as it is now: a part that comes later brings its own. */
const shownList = (area) => area.form?.querySelector("[data-problems]");

/** The list under the editor; the server's own is taken over when there is one. */
function problemList(area) {
  const found = shownList(area);
  if (found) return found;
  const list = document.createElement("ul");
  list.className = "mn-problems";
  list.dataset.problems = "";
  list.hidden = true;
  area.after(list);
  return list;
}

/** Asks the console; an answer that does not come is shown as a problem too, never as "fine". */
async function check(url, text) {
  try {
    const { problems } = await fetchJson(url, {
      method: "POST",
      body: text,
      headers: { "Content-Type": "text/plain; charset=utf-8", "X-CSRF-Token": csrfToken() },
    });
    return problems.map((problem) => ({ ...problem, where: whereText(problem) }));
  } catch (error) {
    return [{ level: "warning", line: null, where: "", message: `Not checked: ${error.message}` }];
  }
}

/** The first look uses what the page already says; after that each pause in typing asks the console. */
function checks(area, list) {
  let onPage = problemsOnPage(list);
  return linter(
    async (view) => {
      const problems = onPage.length ? onPage : await check(area.dataset.checkUrl, view.state.doc.toString());
      onPage = [];
      showProblems(shownList(area) ?? list, problems);
      document.getElementById("outline")?.dispatchEvent(new CustomEvent("minos:checked"));
      return diagnostics(problems, view.state.doc);
    },
    { delay: CHECK_DELAY_MS },
  );
}

function jumpTo(view, number) {
  const { from } = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}

function lineInAddress() {
  return Number(/^#L(\d+)$/.exec(location.hash)?.[1]) || null;
}

/** The textarea stays what the form sends. */
function keepInStep(area) {
  return EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    area.value = update.state.doc.toString();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function submit(area) {
  if (area.form && !area.readOnly) area.form.requestSubmit();
  return true;
}

function extensions(area, list) {
  const readOnly = area.readOnly || "readonly" in area.dataset;
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.content;
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? area.dataset.path ?? "text", tabindex: "0" }),
    lineNumbers(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), search({ top: true }),
    highlightSelectionMatches(),
    highlighting(area.dataset.language ?? "cfg"),
    readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [highlightActiveLine(), highlightActiveLineGutter()],
    area.dataset.checkUrl ? [checks(area, list), lintGutter()] : [],
    area.dataset.wordsUrl && area.dataset.language === "cfg"
      ? autocompletion({ override: [completions(area.dataset.wordsUrl)], icons: false }) : [],
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => submit(area) },
      ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap,
    ]),
    keepInStep(area),
  ];
}

function startEditor(area) {
  const list = problemList(area);
  const holder = document.createElement("div");
  holder.className = "mn-editor";
  area.before(holder);
  area.hidden = true;
  const state = EditorState.create({ doc: area.value, extensions: extensions(area, list) });
  const view = new EditorView({ state, parent: holder });
  const followAddress = () => lineInAddress() && jumpTo(view, lineInAddress());
  addEventListener("hashchange", followAddress);
  document.addEventListener("click", (event) => {
    const line = /^#L(\d+)$/.exec(event.target.closest("a")?.getAttribute("href") ?? "")?.[1];
    if (!line) return;
    event.preventDefault(); // a second click on the same line is no hash change
    jumpTo(view, Number(line));
  });
  followAddress();
  if (area.dataset.checkUrl) forceLinting(view);
}

document.querySelectorAll("textarea[data-editor]").forEach(startEditor);
