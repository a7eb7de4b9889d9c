// The reader's choice of light or dark: saved in this browser, else what the system prefers.
const KEY = "minos-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** The saved theme or null; storage may be forbidden by the browser. */
function savedTheme() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function preferredTheme() {
  return savedTheme() ?? (systemIsDark.matches ? "dark" : "light");
}

function apply(theme) {
  document.documentElement.dataset.bsTheme = theme;
}

function toggle() {
  const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  apply(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Forbidden storage: the choice lasts for this page only.
  }
}

/** Wires [data-theme-toggle] buttons and follows the system while nothing is saved. */
export function startThemeToggle() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) toggle();
  });
  systemIsDark.addEventListener("change", () => apply(preferredTheme()));
}
