// What every page runs: htmx, Bootstrap's dropdown and collapse, and our small modules.
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import htmx from "htmx.org/dist/htmx.esm.js";
import { startAges } from "./ages.js";
import { startArriving } from "./arriving.js";
import { judgeDialogs, startDialogs } from "./confirm.js";
import { startContact } from "./contact.js";
import { startFeedback } from "./feedback.js";
import { startFocus } from "./focus.js";
import { startForms } from "./forms.js";
import { startHeat } from "./heat.js";
import { csrfToken } from "./http.js";
import { startLists } from "./lists.js";
import { startLaterLogs, startLogTails } from "./logtail.js";
import { startPalette } from "./palette.js";
import { startSaving } from "./saving.js";
import { startShell } from "./shell.js";
import { startThemeToggle } from "./theme-choice.js";
import { startTrying } from "./trying.js";
import { startUploads } from "./upload.js";

// What a reader has opened, or what a script of ours fills, stays as it is when a poll is merged into the page.
htmx.config.morphIgnore = ["data-htmx-powered", "open"];
htmx.config.morphSkip =
  "[hx-morph-skip], dialog[open], .dropdown-menu.show, .dropdown-toggle.show, [data-chart], [data-log-url], .mn-editor, .mn-filters input, .mn-filters select";

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-CSRF-Token"] = csrfToken();
});

document.addEventListener("keydown", ({ key }) => {
  const menu = document.querySelector(".mn-rail__toggle[aria-expanded=true]");
  if (key !== "Escape" || !menu) return;
  menu.click();
  menu.focus();
});

startThemeToggle();
startContact();
startAges();
startArriving();
startFeedback();
startDialogs();
startForms();
startFocus();
startPalette();
startHeat();
startUploads();
startLists();
startLogTails();
startLaterLogs();
startSaving();
startShell();
startTrying();
document.addEventListener("htmx:after:swap", () => {
  startLogTails();
  startSaving();
  judgeDialogs(); // a form that came later, too
});
