// Icons for elements made by scripts; the sprite's address is that of the icons the page already shows.
const SVG = "http://www.w3.org/2000/svg";

function sprite() {
  return document.querySelector("svg.mn-icon use[href]")?.getAttribute("href").split("#")[0] ?? "";
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mn-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}
