"""The console without a mouse: keys go to the page, and wherever the focus comes to, it can be seen and read."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST_TABS = 60
_HERE = """async () => {
  const element = document.activeElement;
  const shows = ({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none";
  const ring = () => [element, element.closest(".mn-editor")].some((one) => one && shows(getComputedStyle(one)));
  const seen = () => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  for (let frame = 0; frame < 90 && element !== document.body && !(seen() && ring()); frame += 1) await new Promise(requestAnimationFrame);
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
  return {
    name: label.replace(/\\s+/g, " ").trim(), tag: element.tagName, id: element.id, kind: element.type ?? "",
    ring: ring(), seen: seen(), nowhere: element === document.body,
  };
}"""


@dataclass
class Keys:
    """One keyboard on one page."""

    page: Page

    def here(self) -> dict[str, Any]:
        """What has the focus."""
        found: dict[str, Any] = self.page.evaluate(_HERE)
        return found

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str, most: int = MOST_TABS, key: str = "Tab") -> int:
        """Press Tab until the focus is on what is called ``name`` (or begins so): every stop on the way is seen, and shows that
        it has the focus. How many presses it took.
        """
        way = []
        for pressed in range(1, most + 1):
            self.page.keyboard.press(key)
            found = self.here()
            way.append(found["name"][:30] or found["tag"])
            assert found["nowhere"] or (found["seen"] and found["ring"]), (found, way)
            if found["name"].startswith(name):
                return pressed
        raise AssertionError(f"no way to {name!r}: {way}")

    def to_content(self) -> None:
        """Past the menu, by the page's first link."""
        self.page.keyboard.press("Tab")
        assert self.here()["name"] == "Skip to content", self.here()
        self.page.keyboard.press("Enter")
        assert self.here()["id"] == "main"

    def write(self, text: str) -> None:
        """In place of what the field holds."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def find(self, text: str, first: str) -> None:
        """The palette: what is looked for, and the line that has to be the first one."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        chosen = self.page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)
        chosen.filter(has_text=first).wait_for()
        self.page.keyboard.press("Enter")
