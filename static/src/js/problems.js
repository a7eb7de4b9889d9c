// Problems of a text under edit: from the page or from the console, as marks for the editor and as a list to click.

/** Reads the server-rendered list (used when a save was refused). */
export function problemsOnPage(list) {
  return [...(list?.querySelectorAll(".mn-problem") ?? [])].map((item) => ({
    level: /mn-problem--(\w+)/.exec(item.className)?.[1] ?? "error",
    line: Number(/#L(\d+)/.exec(item.querySelector("a")?.getAttribute("href") ?? "")?.[1]) || null,
    where: item.querySelector(".mn-problem__where")?.textContent ?? "",
    message: item.querySelector(".mn-problem__text")?.textContent ?? "",
  }));
}

/** [section] key, as far as the problem names them. */
export function whereText({ section, key }) {
  return [section && `[${section}]`, key].filter(Boolean).join(" ");
}

/** CodeMirror diagnostics: the whole line (without its indent) that a problem names, or the first line. */
export function diagnostics(problems, doc) {
  return problems.map(({ level, line, where, message }) => {
    const { from, to, text } = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
    const indent = text.length - text.trimStart().length;
    const severity = ["error", "warning", "info"].includes(level) ? level : "error";
    return { from: from + indent, to, severity, message: where ? `${where}: ${message}` : message };
  });
}

function row({ level, line, where, message }) {
  const item = document.createElement("li");
  item.className = `mn-problem mn-problem--${level}`;
  const link = document.createElement("a");
  link.className = "mn-problem__line";
  link.href = line ? `#L${line}` : "#L1";
  link.textContent = line ? `line ${line}` : "file";
  const place = document.createElement("span");
  place.className = "mn-problem__where";
  place.textContent = where;
  const text = document.createElement("span");
  text.className = "mn-problem__text";
  text.textContent = message;
  item.append(link, place, text);
  return item;
}

export function showProblems(list, problems) {
  list.replaceChildren(...problems.map(row));
  list.hidden = !problems.length;
}
