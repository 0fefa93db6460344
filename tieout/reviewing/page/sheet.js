// The sheets that lie over the desk: choices by a single key, the help, and two versions side by side.

import { h, one } from "./dom.js";

let back = null;

/** Show a sheet; resolves with what was chosen, or null where it was left. Focus returns to where it was. */
export function ask(title, content, first) {
  const sheet = one("#sheet");
  if (sheet.open) sheet.close();
  return new Promise((resolve) => {
    let was;
    back = document.activeElement;
    const done = (chosen) => {
      document.body.dataset.busy = was ?? "no";
      sheet.onkeydown = null;
      if (sheet.open) sheet.close();
      resolve(chosen);
    };
    const inside = content(done);
    sheet.replaceChildren(h("h2", { id: "sheet-title" }, title), ...[inside.body].flat());
    sheet.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation();
      const typing = event.target.closest("input, textarea, select");
      if (!typing && inside.keys?.[event.key]) {
        event.preventDefault();
        inside.keys[event.key]();
      }
    };
    sheet.onclose = () => {
      done(null);
      if (back?.isConnected) back.focus();
    };
    sheet.showModal();
    was = document.body.dataset.busy; // an act that asks waits for a person, and the page for nothing
    document.body.dataset.busy = "no";
    (first ? one(first, sheet) : one("button", sheet))?.focus();
  });
}

/** Choose one of several codes, each by its letter; `likely` is the one that Enter takes. */
export function choose(title, told, options, likely) {
  return ask(
    title,
    (done) => ({
      body: [
        told && h("p", {}, told),
        h(
          "ul",
          { class: "choices" },
          options.map(({ code, key, label, more }) =>
            h(
              "li",
              {},
              h(
                "button",
                { type: "button", onclick: () => done(code), class: code === likely ? "likely" : null, "aria-keyshortcuts": key },
                h("kbd", { "aria-hidden": "true" }, key),
                h("strong", {}, label),
                more && h("span", {}, more),
              ),
            ),
          ),
        ),
        h("p", { class: "leave" }, h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Leave it")),
      ].filter(Boolean),
      keys: Object.fromEntries(options.map(({ code, key }) => [key, () => done(code)])),
    }),
    likely ? ".likely" : null,
  );
}
