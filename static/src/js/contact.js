// The contact with the console: a banner with the age of the last word when polls fail, a "live" mark while they work.
import { duration, learnClock } from "./ages.js";
import { contactReason, reportContact } from "./http.js";

// Nothing asks more seldom than this; past it the page asks nothing, and "live" would be a guess.
const LIVE_FOR_MS = 30_000;
const POLL_TIMEOUT_MS = 10_000;
const TEXTS = {
  silent: (age) => `No contact with the console for ${age}. What you see is from before.`,
  error: (age) => `The console has answered with errors for ${age}. What you see is from before.`,
  "signed-out": () => "You are signed out. Reload to sign in again.",
};

let lastContact = 0;
let reason = "";

// "minos:again": a list asks before its time.
const isPoll = (ctx) => ["every", "minos:again"].includes(ctx?.sourceEvent?.type);

function show() {
  const banner = document.getElementById("contact-lost");
  const elapsed = Date.now() - lastContact;
  const age = duration(elapsed / 1000);
  document.body.dataset.contact = reason ? "lost" : "ok";
  if (banner) {
    banner.hidden = !reason;
    if (reason) banner.querySelector("[data-contact-text]").textContent = TEXTS[reason](age);
  }
  document.querySelectorAll("[data-contact-indicator]").forEach((mark) => {
    const { wordLive: live = "live", wordLost: lost = "lost" } = mark.dataset;
    mark.textContent = reason ? `${lost} · ${age}` : elapsed < LIVE_FOR_MS ? `${live} · ${age}` : "";
  });
}

function onContact({ detail }) {
  reason = detail.reason;
  if (!reason) lastContact = Date.now();
  learnClock(detail.date);
  show();
}

/** Polls rest in hidden tabs, and give up early: a late answer is no answer. */
function configurePoll(event) {
  const { ctx } = event.detail;
  if (!isPoll(ctx)) return;
  if (document.hidden) event.preventDefault();
  else ctx.request.timeout = POLL_TIMEOUT_MS;
}

function judgeAnswer({ detail: { ctx } }) {
  if (!isPoll(ctx)) return;
  const { status, raw } = ctx.response;
  reportContact(status === 403 ? "signed-out" : contactReason(status, raw.redirected), raw.headers.get("Date"));
}

/** An error page must never take the place of a polled part: the last good state stays, marked as old. */
function keepLastGood(event) {
  const { ctx } = event.detail;
  if (isPoll(ctx) && (ctx.response.status >= 400 || ctx.response.raw.redirected)) event.preventDefault();
}

export function startContact() {
  document.addEventListener("minos:contact", onContact);
  document.addEventListener("htmx:config:request", configurePoll);
  document.addEventListener("htmx:after:request", judgeAnswer);
  document.addEventListener("htmx:before:swap", keepLastGood);
  document.addEventListener("htmx:error", ({ detail }) => {
    if (isPoll(detail.ctx) && !detail.ctx.response) reportContact("silent");
  });
  lastContact = Date.now(); // the page itself has just come
  setInterval(show, 1000);
}
