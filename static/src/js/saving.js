// A file that was fetched for the reader is saved as soon as the page says that it is there, once.

/** Clicks each link that is to be saved by itself and was not yet; going back to the page saves nothing again. */
export function startSaving(root = document) {
  root.querySelectorAll("a[data-save-now]").forEach((link) => {
    const key = `minos-saved:${link.pathname}`;
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, "1");
    link.click();
  });
}
