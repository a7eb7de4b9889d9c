// The log viewer: opens a log at its end, follows it by byte offsets, and says whether what it shows is live.
import { RequestError, fetchJson, withParameter } from "./http.js";
import { icon } from "./icons.js";
import { formatValue } from "./units.js";

const MAX_LINES = 5000;
const CHUNK_LINES = 250;
const WAITING_MS = 700;
const BEHIND_MS = 50;
const LOST_MS = 4000;
// Colour codes and other terminal controls; the pane shows plain text only.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
// eslint-disable-next-line no-control-regex
const CUT_ESCAPE = /\x1b[^@-Z\\^_a-z~]{0,20}$/;

/** Plain text of a piece of log, and the beginning of an escape that the piece's end cut in two. */
export function plainText(text) {
  const cut = CUT_ESCAPE.exec(text)?.[0] ?? "";
  const whole = cut ? text.slice(0, -cut.length) : text;
  return { text: whole.replace(ESCAPES, "").replace(/\r\n?/g, "\n"), cut };
}

function button(label, iconName, pressed) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "mn-log__btn";
  element.ariaPressed = String(pressed);
  element.append(icon(iconName), ` ${label}`);
  return element;
}

class LogTail {
  constructor(root) {
    this.root = root;
    this.next = null;
    this.carry = "";
    this.paused = false;
    this.lines = 0;
    this.build();
    this.poll();
  }

  build() {
    const { logTitle, logRaw, logStatic } = this.root.dataset;
    this.bar = document.createElement("div");
    this.bar.className = "mn-log__bar";
    const title = document.createElement("span");
    title.className = "mn-log__title";
    title.textContent = logTitle ?? "log";
    this.badge = document.createElement("span");
    this.badge.className = "mn-log__badge";
    this.badge.role = "status";
    this.bar.append(title, this.badge);
    this.pane = document.createElement("pre");
    this.pane.className = "mn-log__pane";
    this.pane.tabIndex = 0;
    this.pane.role = "log";
    this.pane.ariaLive = "off"; // a busy log would be read out without end
    this.pane.ariaLabel = `${logTitle ?? "log"} text`;
    this.pane.addEventListener("scroll", () => this.setFollow(this.atEnd()));
    if (logStatic === undefined) this.addFollowing();
    this.addWrap();
    if (logRaw) this.addRaw(logRaw);
    this.root.replaceChildren(this.bar, this.pane);
    this.root.addEventListener("minos:mark", ({ detail }) => {
      this.mark(`${detail}\n`);
      this.setFollow(true);
      this.scroll();
      this.again(0);
    });
    this.say("waiting", "opening");
  }

  addFollowing() {
    this.follow = button("Follow", "arrow-down", true);
    this.follow.addEventListener("click", () => {
      this.setFollow(this.follow.ariaPressed !== "true");
      this.scroll();
    });
    this.pause = button("Pause", "pause", false);
    this.pause.addEventListener("click", () => this.setPaused(!this.paused));
    this.bar.append(this.follow, this.pause);
  }

  addWrap() {
    const wrap = button("Wrap", "wrap", false);
    wrap.addEventListener("click", () => {
      wrap.ariaPressed = String(this.pane.classList.toggle("is-wrapped"));
    });
    this.bar.append(wrap);
  }

  addRaw(href) {
    const raw = document.createElement("a");
    raw.className = "mn-log__btn";
    raw.href = href;
    raw.append(icon("download"), " Raw");
    this.bar.append(raw);
  }

  atEnd() {
    return this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < 8;
  }

  setFollow(on) {
    if (this.follow) this.follow.ariaPressed = String(on);
  }

  setPaused(paused) {
    this.paused = paused;
    this.pause.ariaPressed = String(paused);
    if (paused) this.say("paused", "paused");
    else this.again(0);
  }

  scroll() {
    if (!this.follow || this.follow.ariaPressed === "true") this.pane.scrollTop = this.pane.scrollHeight;
  }

  say(state, text) {
    this.badge.className = `mn-log__badge mn-log__badge--${state}`;
    this.badge.textContent = text;
  }

  again(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poll(), delay);
  }

  async poll() {
    if (!this.root.isConnected || this.paused) return;
    const rest = Number(this.root.dataset.logInterval ?? 2) * 1000;
    if (document.hidden && this.next !== null) return this.again(rest);
    const url = this.next === null ? this.root.dataset.logUrl : withParameter(this.root.dataset.logUrl, "offset", this.next);
    try {
      this.again(this.take(await fetchJson(url), rest));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.say("lost", `lost: ${error.message}`);
      this.again(LOST_MS);
    }
  }

  /** Shows an answer; returns the ms until the next question. */
  take(answer, rest) {
    if (answer.state === "waiting") {
      this.say("waiting", answer.message || "waiting for the worker");
      return WAITING_MS;
    }
    if (answer.state === "error") {
      this.say("lost", answer.message || "the log cannot be read");
      return LOST_MS;
    }
    const broken = this.breakBefore(answer);
    if (broken) {
      this.mark(broken);
      this.carry = "";
      this.next = 0;
      return 0; // this text was read at a place that is no more: ask for the beginning
    }
    this.append(answer.text);
    this.next = answer.next_offset;
    const behind = answer.size - answer.next_offset;
    if (this.paused) return rest;
    if (this.root.dataset.logStatic !== undefined) {
      this.say("still", formatValue(answer.size, "bytes"));
      return 2 ** 31 - 1;
    }
    if (answer.ended && behind <= 0) {
      this.say("still", `ended · ${formatValue(answer.size, "bytes")}`);
      return 2 ** 31 - 1;
    }
    if (behind > 0) this.say("behind", `catching up, ${formatValue(behind, "bytes")} behind`);
    else this.say("live", `live · ${formatValue(answer.size, "bytes")}`);
    return behind > 0 ? BEHIND_MS : rest;
  }

  /** Why an answer does not continue what is shown; "" when it does. */
  breakBefore({ id, cut_at: cutAt, cleared, size }) {
    const before = this.known;
    this.known = { id, cutAt: cutAt || before?.cutAt };
    if (!before || this.next === null) return "";
    if (id !== before.id) return "a new file begins here";
    if (cutAt && cutAt !== before.cutAt) return cleared ? "the log was cleared" : "the file was rotated here";
    return size < this.next ? "the file was cut here" : "";
  }

  append(text) {
    const piece = plainText(this.carry + text);
    this.carry = piece.cut;
    if (!piece.text) return;
    const lines = piece.text.split(/(?<=\n)/);
    for (let at = 0; at < lines.length; at += CHUNK_LINES) this.addChunk(lines.slice(at, at + CHUNK_LINES));
    this.trim();
    this.scroll();
  }

  addChunk(lines) {
    const chunk = document.createElement("span");
    chunk.textContent = lines.join("");
    chunk.dataset.lines = lines.length;
    this.lines += lines.length;
    this.pane.append(chunk);
  }

  mark(text) {
    const line = document.createElement("span");
    line.className = "mn-log__mark";
    line.textContent = text;
    line.dataset.lines = 1;
    this.lines += 1;
    this.pane.append(line);
  }

  trim() {
    while (this.lines > MAX_LINES && this.pane.childElementCount > 1) {
      this.lines -= Number(this.pane.firstElementChild.dataset.lines);
      this.pane.firstElementChild.remove();
    }
  }
}

/** Starts a tail on each [data-log-url] that has none yet. */
export function startLogTails(root = document) {
  root.querySelectorAll("[data-log-url]:not([data-log-started])").forEach((element) => {
    element.dataset.logStarted = "";
    new LogTail(element);
  });
}

/** What a step printed is asked for when somebody unfolds it, not before. */
export function startLaterLogs() {
  document.addEventListener(
    "toggle",
    ({ target }) => {
      const later = target.open ? target.querySelector?.(":scope > [data-log-later]:not([data-log-url])") : null;
      if (!later) return;
      later.dataset.logUrl = later.dataset.logLater;
      startLogTails(target);
    },
    true, // this event does not bubble
  );
}
