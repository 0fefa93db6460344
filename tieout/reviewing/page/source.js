// The document's side: its text with every number marked, and the way between what is seen and offsets in the text.

import { h, one, plain } from "./dom.js";

const WORDS = { open: "open", keyed: "keyed", set_aside: "set aside", period: "year of a row" };
const nodes = []; // every piece of text with the offset at which it starts, in characters as the files count them
const starts = [];
const marks = new Map();

/** Build the text once; `go` is called with a number's key when it is chosen. */
export function build(blocks, go) {
  const place = one("#source");
  let at = 0;
  const text = (words) => {
    const node = document.createTextNode(words);
    nodes.push(node);
    starts.push(at);
    at += [...words].length;
    return node;
  };
  const stretch = (node) => (typeof node === "string" ? text(node) : number(node, stretch));
  for (const block of blocks) {
    if (block.lines.length) {
      const lines = block.lines.map((cells) => cells.map((cell) => cell.map(stretch)));
      const tabbed = block.kind === "tabbed";
      const inside = tabbed ? lines.map((cells) => h("div", { class: "line" }, cells.map((cell) => h("span", { class: "cell" }, cell)))) : lines.flat(2);
      place.append(h(tabbed ? "div" : "p", { class: block.kind }, inside));
    }
    if (block.after) place.append(text(block.after));
  }
  place.addEventListener("click", (event) => {
    const mark = event.target.closest(".num");
    if (mark && getSelection().isCollapsed) go(mark.dataset.key);
  });
}

function number(node, stretch) {
  const made = h("span", { class: "num", "data-fate": "open", role: "button", tabindex: "-1", "data-key": node.key }, node.inside.map(stretch));
  if (node.first) marks.set(node.key, made);
  return made;
}

/** Every number with what became of it. */
export function paint(items) {
  const seen = { gap: [], passage: [], aside: [] };
  for (const item of items) {
    const mark = item.kind === "number" && marks.get(item.key);
    if (mark) {
      const years = item.years.length ? `, of ${item.years.join(", ")}` : "";
      mark.dataset.fate = item.fate;
      mark.classList.toggle("twice", item.others > 0);
      mark.setAttribute("aria-label", `${mark.textContent}, ${WORDS[item.fate] ?? plain(item.fate)}${years}`);
      mark.title = `${WORDS[item.fate] ?? item.fate}${years}`;
    } else if (item.kind in seen && item.quote.length) {
      seen[item.kind].push(range(...item.quote));
    }
  }
  for (const [name, ranges] of Object.entries(seen)) highlight(name, ranges);
}

/** Mark one item as the one at hand, with the words of its row; scroll there where `move` says so. */
export function point(item, move) {
  for (const old of document.querySelectorAll("#source [aria-current]")) {
    old.removeAttribute("aria-current");
    old.tabIndex = -1;
  }
  const mark = item.kind === "number" && marks.get(item.key);
  highlight("words", around(item));
  if (mark) {
    mark.setAttribute("aria-current", "true");
    mark.tabIndex = 0;
  }
  if (!move) return;
  const box = mark ?? (item.quote.length ? range(...item.quote) : null);
  if (box) reveal(box.getBoundingClientRect());
}

/** The words of an item's row, without the number itself, which has a mark of its own. */
function around(item) {
  if (!item.quote.length) return [];
  const [start, end] = item.quote;
  if (item.kind !== "number" || item.start < start || end < item.end) return [range(start, end)];
  return [range(start, item.start), range(item.end, end)];
}

function reveal(seen) {
  const place = one("#source");
  const frame = place.getBoundingClientRect();
  const own = getComputedStyle(place).overflowY !== "visible";
  const [top, bottom] = own ? [frame.top, frame.bottom] : [0, innerHeight];
  if (seen.top >= top + 60 && seen.bottom <= bottom - 60) return;
  const by = seen.top - top - (bottom - top) / 3;
  (own ? place : window).scrollBy({ top: by, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** First and last offset of the words that are selected on the page, or null. */
export function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const found = chosen.getRangeAt(0);
  if (!one("#source").contains(found.commonAncestorContainer)) return null;
  const start = offset(found.startContainer, found.startOffset);
  const end = offset(found.endContainer, found.endOffset);
  return end > start ? { start, end } : null;
}

/** Select the words between two offsets, and show them. */
export function select(start, end) {
  const chosen = range(start, end);
  getSelection().removeAllRanges();
  getSelection().addRange(chosen);
  reveal(chosen.getBoundingClientRect());
}

/** Widen or narrow what is selected by a word at one end; false where nothing is selected. */
export function stretchSelection(way) {
  const chosen = selected() && getSelection();
  if (!chosen) return false;
  const { startContainer, startOffset, endContainer, endOffset } = chosen.getRangeAt(0);
  if (way.endsWith("left")) chosen.setBaseAndExtent(endContainer, endOffset, startContainer, startOffset);
  else chosen.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
  chosen.modify("extend", way === "wider-left" || way === "narrower-right" ? "backward" : "forward", "word");
  return true;
}

function offset(container, within) {
  if (container.nodeType === Node.TEXT_NODE) {
    const at = nodes.indexOf(container);
    return at < 0 ? 0 : starts[at] + [...container.data.slice(0, within)].length;
  }
  const probe = document.createRange();
  probe.setStart(container, within);
  const at = nodes.findIndex((node) => probe.comparePoint(node, 0) >= 0);
  return at < 0 ? starts.at(-1) + [...nodes.at(-1).data].length : starts[at];
}

function range(start, end) {
  const made = document.createRange();
  made.setStart(...spot(start));
  made.setEnd(...spot(end));
  return made;
}

function spot(at) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  const letters = [...nodes[low].data].slice(0, at - starts[low]).join("");
  return [nodes[low], letters.length];
}

function highlight(name, ranges) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.set(name, new Highlight(...ranges));
}
