// Highlighting of the cluster description language: nested sections, keys, %{expressions}, quoted text, comments.
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const EXPRESSION = /^%\{[^}]*\}/;
const TRIPLE = /'''|"""/;

/** Inside '''…''' that spans lines: everything up to the closing mark is text. */
function longText(stream, state) {
  if (stream.skipTo(state.long)) {
    stream.match(state.long);
    state.long = null;
  } else stream.skipToEnd();
  return "string";
}

/** Inside "…" or '…' on one line: text with expressions in it. */
function quoted(stream, state) {
  while (!stream.eol() && !stream.match(EXPRESSION, false)) {
    if (stream.next() === state.quote) {
      state.quote = null;
      break;
    }
  }
  return "string";
}

function lineStart(stream, state) {
  state.place = "key";
  const section = stream.match(/^(\[+)[^\]]*\]+/);
  if (!section) return null;
  return section[1].length === 1 ? "heading1" : "heading2";
}

function value(stream, state) {
  if (stream.match(EXPRESSION)) return "special";
  const triple = stream.match(TRIPLE, true);
  if (triple) {
    state.long = triple[0];
    return longText(stream, state);
  }
  if (stream.match(/^["']/)) {
    state.quote = stream.current().at(-1);
    return quoted(stream, state);
  }
  if (stream.match(/^(?:true|false|yes|no|on|off)(?=[\s,]|$)/i)) return "bool";
  if (stream.match(/^-?\d+(?:\.\d+)?(?=[\s,]|$)/)) return "number";
  if (!stream.match(/^[\w./:-]+/)) stream.next();
  return null;
}

function key(stream, state) {
  if (stream.eat("=")) {
    state.place = "value";
    return "operator";
  }
  if (stream.match(EXPRESSION)) return "special";
  if (!stream.match(/^(?:[^=%#]|%(?!\{))+/)) stream.next();
  return "key";
}

function token(stream, state) {
  if (state.long) return longText(stream, state);
  if (stream.sol()) {
    state.quote = null;
    stream.eatSpace();
    const style = lineStart(stream, state);
    if (style) return style;
  }
  if (state.quote) return stream.match(EXPRESSION) ? "special" : quoted(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.peek() === "#") {
    stream.skipToEnd();
    return "comment";
  }
  return state.place === "key" ? key(stream, state) : value(stream, state);
}

const cfgLanguage = StreamLanguage.define({
  name: "cfg",
  startState: () => ({ place: "key", long: null, quote: null }),
  token,
  languageData: { commentTokens: { line: "#" } },
  tokenTable: {
    heading1: tags.heading1,
    heading2: tags.heading2,
    key: tags.propertyName,
    special: tags.special(tags.variableName),
    string: tags.string,
    number: tags.number,
    bool: tags.bool,
    operator: tags.operator,
    comment: tags.comment,
  },
});

// Classes, not colours: the colours live in editor.css and follow the theme.
const classes = HighlightStyle.define([
  { tag: tags.heading1, class: "mn-tok-section" },
  { tag: tags.heading2, class: "mn-tok-subsection" },
  { tag: tags.propertyName, class: "mn-tok-key" },
  { tag: tags.special(tags.variableName), class: "mn-tok-expression" },
  { tag: tags.string, class: "mn-tok-string" },
  { tag: [tags.number, tags.bool], class: "mn-tok-number" },
  { tag: tags.operator, class: "mn-tok-operator" },
  { tag: tags.comment, class: "mn-tok-comment" },
]);

/** Extensions that colour the text; plain text and xml stay uncoloured. */
export function highlighting(language) {
  return language === "cfg" || language === "properties" ? [cfgLanguage, syntaxHighlighting(classes)] : [];
}
