// Parts that come after their page: that one is here is said to who cannot see it, and one that did not come says so.

const SHOWN = "It did not come.";

/** Whether this element waits for the part that will take its place. */
const waits = (element) => Boolean(element?.id) && element.getAttribute("aria-busy") === "true";

/** Why an answer holds no such part; "" when it does. PURE. */
export function whyNot(status, redirected, text, id) {
  if (redirected) return "You are signed out; reload the page to sign in again.";
  if (text.includes(`id="${id}"`)) return "";
  return status >= 400 ? `The console answered with status ${status}.` : "The page has changed; reload it.";
}

function fail(element, reason) {
  element.setAttribute("aria-busy", "false");
  const place = element.querySelector("[role=status]");
  if (place) place.textContent = `${SHOWN} ${reason}`;
}

function beforeSwap(event) {
  const { sourceElement: element, response, text } = event.detail.ctx;
  if (!waits(element)) return;
  const reason = whyNot(response.status, response.raw.redirected, text ?? "", element.id);
  if (!reason) return;
  event.preventDefault();
  fail(element, reason);
}

/** The region that says so stands beside the part, for a region that comes with its text is not read out. */
function tellArrived() {
  document.querySelectorAll("[data-arriving]").forEach((region) => {
    const part = document.getElementById(region.dataset.arriving);
    if (!part?.dataset.arrived || waits(part) || region.textContent) return;
    region.textContent = part.dataset.arrived;
  });
}

export function startArriving() {
  document.addEventListener("htmx:before:swap", beforeSwap);
  document.addEventListener("htmx:after:swap", tellArrived);
  document.addEventListener("htmx:error", ({ detail }) => {
    const element = detail.ctx?.sourceElement;
    if (waits(element)) fail(element, "No answer from the console.");
  });
}
