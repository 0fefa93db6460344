// The form for a new metric: what it counts, its unit, the words that name it, and what it must not be compared with.

import { send } from "./api.js";
import { h, one } from "./dom.js";
import { ask } from "./sheet.js";

/** Ask for a metric; resolves to [its code, all metrics], or null where the form was left. */
export function define(doc, sentence) {
  return ask("New metric", (done) => {
    const field = (name, label, control, hint) => {
      control.id = `new-${name}`;
      control.name = name;
      return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("p", { class: "hint" }, hint));
    };
    const text = (more = {}) => h("input", { type: "text", autocomplete: "off", ...more });
    const pick = (options) => h("select", {}, Object.entries(options).map(([code, label]) => h("option", { value: code }, label)));
    const metrics = Object.fromEntries([["", "–"], ...doc.metrics.map((metric) => [metric.metric, metric.label])]);
    const pair = () => {
      const made = h("div", { class: "row two pair" });
      const other = pick(metrics);
      other.setAttribute("aria-label", "Must not be compared with");
      made.append(other, h("input", { type: "text", "aria-label": "Why not", placeholder: "Why not, in a sentence" }));
      return made;
    };
    const pairs = h("div", {}, pair());
    const free = h("input", { type: "checkbox", id: "new-free" });
    const wrong = h("p", { class: "fails told", role: "alert" });
    const value = (name) => one(`#new-${name}`).value.trim();
    const submit = async () => {
      const lines = [...pairs.children].map((line) => [one("select", line).value, one("input", line).value.trim()]).filter(([other]) => other);
      const cells = Object.fromEntries(["metric", "label", "definition", "unit", "group", "decimals", "note"].map((name) => [name, value(name)]));
      const wordings = value("wordings").split("\n").map((line) => line.trim()).filter(Boolean);
      const apart = lines.length || free.checked ? Object.fromEntries(lines) : null;
      try {
        const [status, answer] = await send({ cells, wordings, apart }, false, "api/metric");
        if (status === 200) return done([cells.metric, answer.metrics]);
        wrong.textContent = answer?.told ?? `The server refused it (${status}).`;
      } catch {
        wrong.textContent = "The review does not answer. What you typed stays here.";
      }
    };
    return {
      body: [
        h("p", {}, "For what no metric counts yet. Search first: what may be compared is one metric, what may not is another."),
        sentence ? h("p", { class: "words" }, sentence) : "",
        h("div", { class: "row two" }, field("metric", "Code", text({ placeholder: "police_raids" })), field("label", "Name", text({ placeholder: "Raids by the police" }))),
        field("definition", "Definition", h("textarea", { rows: 2 }), "What is counted or measured, and what is not."),
        h("div", { class: "row three" }, field("unit", "Unit", pick(doc.units)), field("group", "Group", pick(Object.fromEntries(doc.groups.map((group) => [group, group.replaceAll("_", " ")])))), field("decimals", "Decimals", text({ value: "0" }))),
        field("wordings", "Wordings", h("textarea", { rows: 2 }), "The words that name it in a source, one a line, # for the number: raided # places."),
        h("fieldset", {}, h("legend", {}, "Must not be compared with"), pairs, h("p", {}, h("button", { type: "button", onclick: () => pairs.append(pair()) }, "One more"), " ", free, " ", h("label", { for: "new-free" }, "It may be compared with every other"))),
        field("note", "Note", text(), "What must be said with it, if anything."),
        wrong,
        h("p", { class: "leave" }, h("button", { type: "button", class: "main", onclick: submit }, "Enter the metric"), " ", h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Leave it")),
      ],
    };
  }, "#new-metric");
}
