// The page that tries the API: sends what is filled in, and shows the answer as text and nothing else.
import { csrfToken } from "./http.js";

const MOST_LETTERS = 200_000; // of an answer that are shown
const READABLE = /^(application\/([a-z.-]+\+)?json|text\/)/;

const quoted = (text) => `'${text.replaceAll("'", `'"'"'`)}'`;

class Trying {
  constructor(section) {
    this.section = section;
    this.method = section.dataset.method;
    this.kind = section.dataset.kind;
    this.form = section.querySelector("[data-try-send]");
    this.form.addEventListener("submit", (event) => this.submit(event));
    section.addEventListener("input", () => this.line());
  }

  find(name) {
    return this.section.querySelector(`[data-try-${name}]`);
  }

  /** What is filled in for the parameters that stand there. */
  given(place) {
    return [...this.section.querySelectorAll(`[data-in="${place}"]`)].map((input) => [input.name, input.value.trim()]);
  }

  address() {
    let path = this.section.dataset.path;
    for (const [name, value] of this.given("path")) {
      if (value) path = path.replace(`{${name}}`, value.split("/").map(encodeURIComponent).join("/"));
    }
    const query = new URLSearchParams(this.given("query").filter(([, value]) => value)).toString();
    return query ? `${path}?${query}` : path;
  }

  /** Why it cannot be sent, or "". */
  lacking() {
    const url = new URL(this.address(), location.origin);
    const [missing] = this.given("path").filter(([, value]) => !value);
    if (missing) return `Fill in ${missing[0]} first.`;
    if (!url.pathname.startsWith("/api/v1/")) return "This address leads out of the API.";
    if (this.find("file") && !this.find("file").files.length) return "Choose a file first.";
    return "";
  }

  line() {
    const words = ['curl -H "Authorization: Bearer $TOKEN"'];
    if (this.method !== "GET") words.push(`-X ${this.method}`);
    for (const [name, value] of this.given("header")) if (value) words.push("-H", quoted(`${name}: ${value}`));
    if (this.kind) words.push("-H", quoted(`Content-Type: ${this.kind}`));
    if (this.find("body")) words.push("--data-raw", quoted(this.find("body").value));
    if (this.find("file")) words.push("--data-binary @file");
    const line = this.find("line");
    line.textContent = [...words, quoted(line.dataset.origin + this.address())].join(" ");
  }

  async submit(event) {
    event.preventDefault();
    const lacking = this.lacking();
    if (lacking) return this.show(lacking, "", "", "");
    const button = this.form.querySelector("button");
    button.disabled = true;
    try {
      await this.send();
    } finally {
      button.disabled = false;
      if (this.find("sure")) this.find("sure").checked = false; // each time anew
    }
  }

  async send() {
    const token = this.find("token").value.trim();
    const headers = new Headers();
    const began = performance.now();
    let response;
    try {
      for (const [name, value] of this.given("header")) if (value) headers.set(name, value);
      if (this.kind) headers.set("Content-Type", this.kind);
      if (token) headers.set("Authorization", `Bearer ${token}`);
      else headers.set("X-CSRF-Token", csrfToken());
      response = await fetch(this.address(), {
        method: this.method,
        headers,
        credentials: token ? "omit" : "same-origin",
        body: this.find("body")?.value ?? this.find("file")?.files[0],
        cache: "no-store",
      });
    } catch (error) {
      return this.show("It was not sent, or no answer came", "", error.message, "");
    }
    const text = await this.textOf(response);
    const took = `${Math.round(performance.now() - began)} ms`;
    const told = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    this.show(`${response.status} ${response.statusText}`.trim(), took, text, told);
  }

  async textOf(response) {
    const kind = response.headers.get("Content-Type") ?? "";
    if (!READABLE.test(kind)) {
      await response.body?.cancel();
      const size = response.headers.get("Content-Length");
      return kind ? `The answer is a file of ${kind}${size ? `, ${size} bytes` : ""}; it is not shown here.` : "";
    }
    const text = await response.text();
    let shown = text;
    try {
      if (kind.includes("json")) shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // shown as it came
    }
    return shown.length > MOST_LETTERS ? `${shown.slice(0, MOST_LETTERS)}\n… and more, which is not shown` : shown;
  }

  show(status, took, text, headers) {
    this.find("status").textContent = status;
    this.find("time").textContent = took;
    this.find("text").textContent = text;
    this.find("text").hidden = !text;
    this.find("headers").textContent = headers;
    this.find("headers").closest("details").hidden = !headers;
    this.find("prove").hidden = !text.includes('"code": "confirm-first"');
    this.find("answer").hidden = false;
  }
}

export function startTrying() {
  const section = document.querySelector("[data-try]");
  if (section) new Trying(section);
}
