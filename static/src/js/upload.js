// Package upload: the file goes as raw body with progress, speed and a way to cancel. Without this script the form posts itself.
import { csrfToken, errorFrom } from "./http.js";
import { formatValue } from "./units.js";

const part = (form, name) => form.querySelector(`[data-upload-${name}]`);

/** The address with every named text field of the form, and the file's name. */
function address(form, file) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf_token") fields.set(name, value);
  }
  fields.set("name", file.name);
  return `${form.dataset.uploadUrl}?${fields}`;
}

function showError(form, message, field) {
  const place = part(form, "error");
  place.textContent = message;
  place.hidden = !message;
  form.querySelectorAll(".is-invalid").forEach((input) => input.classList.remove("is-invalid"));
  const input = field && form.elements.namedItem(field);
  if (input instanceof HTMLElement) {
    input.classList.add("is-invalid");
    input.focus();
  }
}

function setBusy(form, busy) {
  part(form, "progress").hidden = !busy;
  part(form, "cancel").hidden = !busy;
  part(form, "submit").disabled = busy;
  form.classList.toggle("is-busy", busy);
}

function showProgress(form, event, startedAt) {
  const seconds = (performance.now() - startedAt) / 1000;
  const percent = (100 * event.loaded) / event.total;
  const speed = seconds > 0.3 ? ` · ${formatValue(event.loaded / seconds, "bytes_per_second")}` : "";
  part(form, "bar").value = percent;
  part(form, "text").textContent = percent < 100
    ? `${percent.toFixed(0)} % · ${formatValue(event.loaded, "bytes")} of ${formatValue(event.total, "bytes")}${speed}`
    : `100 % · ${formatValue(event.total, "bytes")} sent · the console is checking it`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function finish(form, request) {
  const body = parsed(request.responseText);
  if (request.status >= 200 && request.status < 300) {
    form.classList.remove("is-busy");
    location.assign(`${form.dataset.uploadDone}?stored=${body.id}${body.created ? "" : "&known=1"}`);
    return;
  }
  const { message, field } = errorFrom(body, request.status);
  setBusy(form, false);
  showError(form, message, field);
}

function send(form, file) {
  const request = new XMLHttpRequest(); // fetch has no upload progress
  const startedAt = performance.now();
  const fail = (message) => {
    setBusy(form, false);
    showError(form, message);
  };
  request.upload.addEventListener("progress", (event) => showProgress(form, event, startedAt));
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => fail("The connection broke off. Nothing was stored; try again."));
  request.addEventListener("abort", () => fail("Cancelled. Nothing was stored."));
  part(form, "cancel").onclick = () => request.abort();
  request.open("POST", address(form, file));
  request.setRequestHeader("X-CSRF-Token", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  showError(form, "");
  setBusy(form, true);
  part(form, "bar").value = 0;
  part(form, "text").textContent = "starting";
  request.send(file);
}

function showChosen(form) {
  const file = form.querySelector("input[type=file]").files[0];
  part(form, "name").textContent = file ? `${file.name} · ${formatValue(file.size, "bytes")}` : "";
  part(form, "drop").classList.toggle("has-file", Boolean(file));
}

function startDrop(form) {
  const drop = part(form, "drop");
  const input = form.querySelector("input[type=file]");
  const mark = (over) => (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", over);
  };
  drop.addEventListener("dragover", mark(true));
  drop.addEventListener("dragleave", mark(false));
  drop.addEventListener("drop", (event) => {
    mark(false)(event);
    if (!event.dataTransfer.files.length || form.classList.contains("is-busy")) return;
    input.files = event.dataTransfer.files;
    showChosen(form);
  });
  input.addEventListener("change", () => showChosen(form));
}

/** Leaving ends an upload: ask first. */
function guard(event) {
  if (document.querySelector("form[data-upload].is-busy")) event.preventDefault();
}

export function startUploads() {
  addEventListener("beforeunload", guard);
  document.querySelectorAll("form[data-upload]").forEach((form) => {
    startDrop(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const file = form.querySelector("input[type=file]").files[0];
      if (!file) showError(form, "Choose a file first.");
      else if (form.reportValidity()) send(form, file);
    });
  });
}
