// Short words to the reader: toasts, closing of messages, "copied".
import { keepFocus, noteFocus } from "./focus.js";
import { icon } from "./icons.js";

const STAY_MS = 6000;
const ICONS = { success: "success", info: "info", warning: "warning", danger: "error" };

/** Shows a message in the corner; kinds are success, info, warning, danger (danger stays until closed). */
export function toast(kind, text) {
  const element = document.createElement("div");
  element.className = `mn-toast mn-toast--${kind in ICONS ? kind : "info"}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "mn-iconbtn";
  close.ariaLabel = "Close";
  close.append(icon("close"));
  close.addEventListener("click", () => element.remove());
  element.append(icon(ICONS[kind] ?? "info"), words, close);
  document.getElementById("mn-toasts")?.append(element);
  if (kind !== "danger") setTimeout(() => element.remove(), STAY_MS);
}

/** Without a secure context (plain http to another host) there is no clipboard API: select and copy as of old. */
function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done ? Promise.resolve() : Promise.reject(new Error("copy refused"));
}

async function copy(button) {
  const text = button.dataset.copyText ?? document.querySelector(button.dataset.copy)?.textContent ?? "";
  try {
    await copyText(text);
    toast("success", "Copied.");
  } catch {
    toast("warning", "The browser did not allow copying.");
  }
}

export function startFeedback() {
  document.addEventListener("minos:toast", ({ detail }) => toast(detail.kind, detail.text));
  document.addEventListener("click", ({ target }) => {
    const copyButton = target.closest("[data-copy], [data-copy-text]");
    if (copyButton) copy(copyButton);
    if (!target.closest("[data-dismiss]")) return;
    noteFocus();
    target.closest(".mn-flash, .mn-banner")?.remove();
    keepFocus();
  });
}
