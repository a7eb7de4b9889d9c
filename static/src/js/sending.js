// One file on its way to the console: hashed, announced, sent in pieces that are checked one by one, gone on with after breaks.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { csrfToken, errorFrom, RequestError } from "./http.js";

const READ_BYTES = 4 * 1024 * 1024;
const FIRST_BYTES = 1024 * 1024;
const LONGEST_WAIT_S = 15;
const LOOK_MS = 1000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Ends a sending that nobody wants any more. */
class Cancelled extends Error {}

export class Sending {
  /**
   * @param {File} file @param {{artifact: string, revision: string}} about @param {string} url of arrivals
   * @param {(told: {phase: string, done: number, words: string}) => void} tell phases: reading, sending, paused, away, checking
   */
  constructor(file, about, url, tell) {
    Object.assign(this, { file, about, url, tell, paused: false, cancelled: false, id: null, have: 0, request: null });
  }

  /** Resolves to the package ({..., created}). Rejects with RequestError (of what is refused), or null when cancelled. */
  async run() {
    try {
      const begun = await this.ask("POST", this.url, { kind: "upload", ...this.about, name: this.file.name, size: this.file.size, sha256: await this.hashed() });
      if (begun.package) return begun.package;
      ({ id: this.id, have: this.have, piece_bytes: this.mostBytes } = begun.arrival);
      this.pieceBytes = Math.min(FIRST_BYTES, this.mostBytes);
      while (this.have < this.file.size) await this.sendPiece();
      await this.ask("POST", `${this.url}/${this.id}/finish`, {});
      return await this.result();
    } catch (error) {
      if (error instanceof Cancelled) {
        await this.deleted; // only then nothing is stored
        throw null;
      }
      throw error;
    }
  }

  pause() {
    this.paused = true;
    this.request?.abort();
  }

  resume() {
    this.paused = false;
  }

  cancel() {
    this.cancelled = true;
    this.request?.abort();
    if (this.id !== null) this.deleted = this.once("DELETE", `${this.url}/${this.id}`).catch(() => undefined);
  }

  async hashed() {
    const hash = sha256.create();
    for (let at = 0; at < this.file.size; at += READ_BYTES) {
      await this.gate();
      hash.update(await this.read(at, READ_BYTES));
      this.tell({ phase: "reading", done: Math.min(at + READ_BYTES, this.file.size), words: "" });
    }
    return bytesToHex(hash.digest());
  }

  async read(at, count) {
    try {
      return new Uint8Array(await this.file.slice(at, at + count).arrayBuffer());
    } catch {
      throw new RequestError("The file cannot be read any more: it was changed or moved. Choose it again.", 0, "file");
    }
  }

  async sendPiece() {
    const began = performance.now();
    const bytes = await this.read(this.have, this.pieceBytes);
    const where = `${this.url}/${this.id}/piece?offset=${this.have}&sha256=${bytesToHex(sha256(bytes))}`;
    const answer = await this.persist(() => this.once("PUT", where, bytes), "damaged");
    this.have = answer.have;
    this.tell({ phase: "sending", done: this.have, words: "" });
    this.adapt(performance.now() - began);
  }

  /** On a slow line pieces are small, so that a break loses little. */
  adapt(milliseconds) {
    if (milliseconds < 1000) this.pieceBytes = Math.min(2 * this.pieceBytes, this.mostBytes);
    else if (milliseconds > 4000) this.pieceBytes = Math.max(this.pieceBytes / 2, FIRST_BYTES / 4);
  }

  /** Looks until the console has looked into it. */
  async result() {
    for (;;) {
      this.tell({ phase: "checking", done: this.file.size, words: "" });
      const found = await this.ask("GET", `${this.url}/${this.id}`);
      if (found.state === "done") return { ...found.package, created: found.created };
      if (found.state === "failed") throw new RequestError(found.message, 422);
      if (found.state === "cancelled") throw new Cancelled();
      await sleep(LOOK_MS);
    }
  }

  ask(method, url, body) {
    return this.persist(() => this.once(method, url, body === undefined ? undefined : JSON.stringify(body)));
  }

  /** The answer, asked for again while there is none: the console may be starting anew. */
  async persist(once, again = "") {
    for (let failures = 0; ;) {
      await this.gate();
      try {
        return await once();
      } catch (error) {
        if (this.cancelled) throw new Cancelled();
        if (this.paused) continue;
        const passing = error.status === 0 || error.status >= 500 || error.status === 429 || error.code === again;
        if (!passing || error.status === 507) throw error;
        failures += 1;
        const seconds = Math.min(2 ** failures / 2, LONGEST_WAIT_S);
        this.tell({ phase: "away", done: this.have, words: `${error.message} It tries again in ${seconds.toFixed(0)} s.` });
        await this.wait(seconds);
      }
    }
  }

  async wait(seconds) {
    for (const until = performance.now() + 1000 * seconds; performance.now() < until && !this.cancelled && !this.paused;) await sleep(100);
  }

  /** Holds while it is paused. */
  async gate() {
    if (this.paused) this.tell({ phase: "paused", done: this.have, words: "" });
    while (this.paused && !this.cancelled) await sleep(100);
    if (this.cancelled) throw new Cancelled();
  }

  /** One request; fetch has no upload progress. A piece that belongs elsewhere (409) is an answer too. Rejects with RequestError. */
  once(method, url, body) {
    return new Promise((resolve, reject) => {
      const request = (this.request = new XMLHttpRequest());
      const silent = () => reject(new RequestError("The console does not answer.", 0));
      const begin = this.have;
      request.addEventListener("load", () => {
        const answer = parsed(request.responseText);
        const good = (request.status >= 200 && request.status < 300) || (request.status === 409 && answer?.have !== undefined);
        if (good && answer) resolve(answer);
        else reject(Object.assign(errorFrom(answer, request.status), { code: answer?.error?.code }));
      });
      for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, silent);
      if (body instanceof Uint8Array) {
        request.upload.addEventListener("progress", (event) => this.tell({ phase: "sending", done: begin + event.loaded, words: "" }));
      }
      request.open(method, url);
      request.timeout = 120_000;
      request.setRequestHeader("X-CSRF-Token", csrfToken());
      request.setRequestHeader("Accept", "application/json");
      if (body) request.setRequestHeader("Content-Type", body instanceof Uint8Array ? "application/octet-stream" : "application/json");
      request.send(body);
    });
  }
}
