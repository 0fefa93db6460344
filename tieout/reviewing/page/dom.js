// Elements made without markup: what a document says is text, and never runs.

/** An element with attributes and children; `on…` are listeners, false and null are left out. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const one = (selector, within = document) => within.querySelector(selector);

/** Tell those who do not see the page what was done. */
export function say(text) {
  const place = one("#said");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}

/** A button with the key that does the same. */
export function act(name, key, label, attributes = {}) {
  return h("button", { type: "button", "data-act": name, "aria-keyshortcuts": key, ...attributes }, h("kbd", { "aria-hidden": "true" }, key), " ", label);
}

export const plain = (code) => code.replaceAll("_", " ");
