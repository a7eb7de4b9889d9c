// Arrow keys go over the squares of a heat map; Tab goes from group to group.

/** The square that stands nearest in the row above or below. */
function inNextRow(cells, from, down) {
  const { left, top } = from.getBoundingClientRect();
  const rows = cells.map((cell) => ({ cell, box: cell.getBoundingClientRect() })).filter(({ box }) => (down ? box.top > top + 1 : box.top < top - 1));
  const next = (down ? Math.min : Math.max)(...rows.map(({ box }) => box.top));
  const row = rows.filter(({ box }) => Math.abs(box.top - next) < 2);
  return row.sort((one, other) => Math.abs(one.box.left - left) - Math.abs(other.box.left - left))[0]?.cell;
}

function onKey(event) {
  const from = event.target.closest?.(".mn-heat__cell");
  if (!from) return;
  const cells = [...from.closest(".mn-panel").querySelectorAll(".mn-heat__cell[href]")];
  const at = cells.indexOf(from);
  const go = {
    ArrowRight: () => cells[at + 1],
    ArrowLeft: () => cells[at - 1],
    ArrowDown: () => inNextRow(cells, from, true),
    ArrowUp: () => inNextRow(cells, from, false),
    Home: () => cells[0],
    End: () => cells.at(-1),
  }[event.key];
  if (!go) return;
  event.preventDefault();
  go()?.focus();
}

export function startHeat() {
  document.addEventListener("keydown", onKey);
}
