// Requests of our own scripts: JSON answers, the CSRF token, and word to the page about the contact with the console.

const TIMEOUT_MS = 10_000; // a late answer is no answer: the next question is already due

export class RequestError extends Error {
  /** @param {number} status HTTP status, 0 when no answer came @param {string} [field] form field the error names */
  constructor(message, status, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Tells contact.js of an answer or of silence: reason is "" (fine), "silent", "signed-out", or "error". */
export function reportContact(reason, date = null) {
  document.dispatchEvent(new CustomEvent("minos:contact", { detail: { reason, date } }));
}

/** "" when an answer of this status proves the contact, else why it does not. */
export function contactReason(status, redirected) {
  if (status === 401 || redirected) return "signed-out";
  return status >= 500 ? "error" : "";
}

/** The message and field of an API error body {error: {message, field}}. */
export function errorFrom(body, status) {
  const { message, field } = body?.error ?? {};
  return new RequestError(message ?? `The console answered with status ${status}.`, status, field);
}

/**
 * Asks for JSON. Throws RequestError on silence, on an error status and on an answer that is not JSON.
 * @param {RequestInit} [options] passed to fetch
 */
export async function fetchJson(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch {
    reportContact("silent");
    throw new RequestError("No answer from the console.", 0);
  }
  reportContact(contactReason(response.status, response.redirected), response.headers.get("Date"));
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw errorFrom(body, response.status);
  return body;
}

/** A url with one more query parameter. */
export function withParameter(url, name, value) {
  return `${url}${url.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
}
