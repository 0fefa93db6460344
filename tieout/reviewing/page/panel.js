// The row's side: what became of the item at hand, its row, last year's sentence, the guesses and what the checks say.

import { act, h, one, plain } from "./dom.js";
import { combobox } from "./metrics.js";

const LABELS = {
  metric: "Metric", value: "Value", unit: "Unit", qualifier: "Qualifier", start: "First day", end: "Last day", period_basis: "How the period is known",
  sex: "Sex", age: "Age", exploitation: "Exploitation", status: "Status", coverage: "Coverage", quote: "Quote", note: "Note", kind: "What it does",
  label: "Topic", reason: "Reason", printed: "Printed", context: "Words around it", period: "Period", key: "To be keyed", set_aside: "Set aside",
};
const KEYED = ["metric", "value", "unit", "qualifier", "start", "end", "period_basis", "sex", "age", "exploitation", "status", "coverage", "quote", "note"];
const LONG = ["quote", "note"];
const PERIOD = ["start", "end", "period_basis"];
const SURE = 0.75; // a guess below it is marked
const SAME = ["metric", "sex", "age", "exploitation", "start", "end", "value"]; // cells of two rows that tell one fact

/** Whether a draft says what is to become of its number. */
export const proposed = (cells, typed = {}) => Boolean(({ ...cells, ...typed }).metric || !["key", ""].includes(cells.fate));

/** The panel for one item; `desk` answers for rows, codes and acts. */
export class Panel {
  constructor(place, desk) {
    this.place = place;
    this.desk = desk;
    this.shape = "";
  }

  /** Show an item: built anew where it is another, else only what changed, so that typing is never disturbed. */
  show(item) {
    const shape = `${item.key} ${item.table}`;
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(item);
    }
    this.patch(item);
  }

  build(item) {
    this.parts = { head: h("div", { class: "head" }), acts: h("div", { class: "acts", role: "group", "aria-label": "What becomes of it" }),
      likest: h("section", { class: "likest", "aria-label": "The likest sentence of another document" }), body: h("div", { class: "body" }),
      checks: h("section", { class: "checks", "aria-labelledby": "heading-checks" }) };
    this.fields = {};
    const { head, acts, body, likest, checks } = this.parts;
    if (item.table === "drafts") this.form(body, item);
    else if (item.table === "statements") this.plainForm(body, ["kind", "label", "quote", "note"], ["quote"]);
    else if (item.table === "set_aside") this.plainForm(body, ["reason", "context", "note"], ["context"]);
    this.place.replaceChildren(head, acts, checks, likest, body);
  }

  /** The fields of a row that is to be keyed. */
  form(body, item) {
    const { doc } = this.desk;
    const metric = combobox(doc.metrics, (code) => this.desk.edit({ metric: code }));
    this.metric = metric;
    this.about = h("div", { class: "about" });
    const rows = [
      this.field("metric", h("div", { class: "combo" }, metric.field, metric.list), this.about, act("define", "M", "New metric …", { class: "small" })),
      h("div", { class: "row three" }, this.field("value", this.input("value")), this.field("unit", h("output", { id: "field-unit" })), this.field("qualifier", this.select("qualifier"))),
      h("div", { class: "row three" }, this.field("start", this.input("start", "2024 or 2024-01-01")), this.field("end", this.input("end", "2024-12-31")), this.field("period_basis", this.select("period_basis"))),
      h("div", { class: "row three" }, ["sex", "age", "exploitation"].map((name) => this.field(name, this.select(name)))),
      h("div", { class: "row two" }, this.field("status", this.select("status")), this.field("coverage", this.input("coverage", "what is in or out"))),
      this.field("quote", this.area("quote"), this.steps()),
      this.field("note", this.area("note")),
    ];
    this.rowBox = h("details", { class: "fields" }, h("summary", {}, "The row"), ...rows);
    this.why = h("details", { class: "why" }, h("summary", {}, "Why these guesses"), h("table", {}));
    body.append(this.rowBox, this.why);
    this.rowBox.open = item.kind !== "number" || this.desk.cells(item).fate !== "set_aside" && this.desk.cells(item).fate !== "period";
  }

  plainForm(body, names, fixed) {
    for (const name of names) {
      const code = this.desk.doc.codes[name];
      const topics = name === "label" ? h("datalist", { id: "topics" }, Object.values(this.desk.doc.labels).flat().map((label) => h("option", { value: label }))) : null;
      const control = fixed.includes(name) ? h("output", { id: `field-${name}`, class: "words" }) : code ? this.select(name) : name === "note" ? this.area(name) : this.input(name);
      if (topics) control.setAttribute("list", "topics");
      body.append(this.field(name, control, ...(topics ? [topics] : [])));
    }
  }

  field(name, control, ...more) {
    const hint = h("p", { class: "hint", id: `hint-${name}` });
    const own = control.matches("input, select, textarea, output") ? control : one("input", control);
    own.setAttribute("aria-describedby", `hint-${name}`);
    this.fields[name] = { own, hint };
    return h("div", { class: `field for-${name}` }, h("label", { for: `field-${name}` }, LABELS[name]), control, ...more, hint);
  }

  input(name, placeholder = "") {
    const made = h("input", { id: `field-${name}`, "data-name": name, type: "text", autocomplete: "off", placeholder, oninput: () => this.typed(name, made.value) });
    if (PERIOD.includes(name)) made.addEventListener("change", () => this.whole(name, made.value));
    return made;
  }

  area(name) {
    return h("textarea", { id: `field-${name}`, "data-name": name, rows: name === "quote" ? 4 : 2, oninput: (event) => this.typed(name, event.target.value) });
  }

  select(name) {
    const told = (code, label) => (name === "status" ? `${code} – ${label}` : ["sex", "age", "exploitation"].includes(name) ? label : plain(code));
    const options = Object.entries(this.desk.doc.codes[name]).map(([code, label]) => h("option", { value: code }, told(code, label)));
    return h("select", { id: `field-${name}`, "data-name": name, onchange: (event) => this.desk.edit({ [name]: event.target.value }) }, h("option", { value: "" }, "–"), options);
  }

  typed(name, value) {
    this.desk.typed({ [name]: value });
  }

  /** A year or a month stands for its first and last day. */
  whole(name, value) {
    const found = /^\s*(\d{4})(?:-(\d{2}))?\s*$/.exec(value);
    if (!found) return;
    const [, year, month] = found;
    const last = month ? String(new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()).padStart(2, "0") : "31";
    const first = `${year}-${month ?? "01"}-01`;
    const cells = name === "start" ? { start: first, end: `${year}-${month ?? "12"}-${last}` } : { end: `${year}-${month ?? "12"}-${last}` };
    for (const [column, cell] of Object.entries(cells)) this.fields[column].own.value = cell;
    this.desk.edit(cells);
  }

  steps() {
    const names = { "[": ["wider-left", "Wider left"], "{": ["narrower-left", "Narrower left"], "]": ["wider-right", "Wider right"], "}": ["narrower-right", "Narrower right"] };
    const buttons = Object.entries(names).map(([key, [way, label]]) => act(`step:${way}`, key, label));
    return h("div", { class: "steps", role: "group", "aria-label": "The quote" }, buttons, act("quote", "q", "Selected words"));
  }

  patch(item) {
    const cells = { ...this.desk.cells(item), ...this.desk.pending(item.key) };
    this.head(item, cells);
    this.acts(item, cells);
    for (const [name, { own, hint }] of Object.entries(this.fields)) {
      if (name === "metric" && this.metric && item.table === "drafts") this.metric.fill(cells.metric);
      else if (own !== document.activeElement || own.tagName === "SELECT") own.value = cells[name] ?? "";
      if (name === "unit") own.value = this.desk.doc.metrics.find((one) => one.metric === cells.metric)?.unit_label ?? cells.unit ?? "";
      this.hint(name, hint, item);
    }
    if (item.table === "drafts") {
      this.explain(cells.metric);
      this.guesses(item);
    }
    if (item.table === "metrics" || !item.table) this.keyed(item, cells);
    this.checks(item, cells);
  }

  head(item, cells) {
    const words = { open: "open", keyed: "keyed", set_aside: "set aside", period: "year of a row", passage: "passage" };
    const what = item.kind === "number" ? item.printed : { gap: "Not reported", passage: "Passage", aside: "Words set aside" }[item.kind];
    const name = item.table === "metrics" || item.table === "statements" ? cells.id : item.kept;
    this.parts.head.replaceChildren(
      h("p", { class: "what" }, h("strong", {}, what), " ", h("span", { class: "fate", "data-fate": item.fate }, words[item.fate])),
      h("p", { class: "where" }, `Line ${item.line}${name ? ` · ${name}` : ""} · ${this.desk.position(item)}`),
    );
  }

  acts(item, cells) {
    const open = item.table === "drafts";
    const reason = cells.reason && plain(cells.reason);
    const name = this.desk.doc.metrics.find((one) => one.metric === cells.metric)?.label;
    const proposal = { key: name ? `Key as ${name}` : "Key", set_aside: reason ? `Set aside: ${reason}` : "Set aside", period: "Year of another row" }[cells.fate] ?? "Key";
    const ready = !open || proposed(cells);
    const guessed = open && !item.edited && item.guesses.length && ready;
    const least = guessed ? Math.min(...item.guesses.map((guess) => guess.sure)) : 1;
    const all = [
      open && act("accept", "a", ready ? proposal : "Nothing is proposed: choose a metric, or set it aside", { class: "main", disabled: !ready }),
      open && item.kind === "number" && act("set_aside", "s", "Set aside as …"),
      open && item.kind === "number" && item.year && act("period", "p", "Year of another row"),
      open && act("metric", "m", "Metric"),
      open && act("edit", "e", "Edit"),
      (item.table === "metrics" || item.table === "set_aside") && act("reopen", "r", item.table === "metrics" ? "Open again to edit" : "Open again"),
      (item.kind === "gap" || (item.table === "set_aside" && cells.printed === cells.context)) && act("split", "x", item.kind === "gap" ? "A second row from these words" : "Take apart"),
      ["gap", "passage", "aside"].includes(item.kind) && act("remove", "d", "Take away"),
      act("open", "n", "Next open"),
    ].filter(Boolean);
    const note = guessed ? h("p", { class: least < SURE ? "guess unsure" : "guess" }, `A guess, ${percent(least)} sure at its least sure cell. Read the page first.`) : null;
    this.parts.acts.replaceChildren(...[note, ...all].filter(Boolean));
  }

  hint(name, hint, item) {
    const guess = item.guesses?.find((one) => one.name === name || (one.name === "period" && name === "start"));
    const failures = this.desk.failures(item).filter((failure) => failure.column === name);
    const shown = item.edited ? [] : [guess].filter(Boolean);
    hint.replaceChildren(
      ...shown.map((one) => h("span", { class: one.sure < SURE ? "unsure" : null }, `${percent(one.sure)} – ${one.reason}`)),
      ...failures.map((failure) => h("span", { class: "fails" }, failure.message)),
    );
  }

  explain(code) {
    const metric = this.desk.doc.metrics.find((one) => one.metric === code);
    if (!metric) return this.about.replaceChildren();
    this.about.replaceChildren(
      ...[
        h("p", {}, metric.definition, " ", h("span", { class: "unit" }, `In ${metric.unit_label}.`)),
        metric.note && h("p", { class: "note" }, metric.note),
        metric.never.length ? h("details", { class: "never" }, h("summary", {}, `Must not be compared with ${metric.never.map(([label]) => label).join(", ")}`), h("ul", {}, metric.never.map(([label, reason]) => h("li", {}, `${label}: ${reason}`)))) : null,
      ].filter(Boolean),
    );
  }

  guesses(item) {
    this.why.hidden = item.edited || !item.guesses.length;
    const lines = item.guesses.map((guess) => h("tr", { class: guess.sure < SURE ? "unsure" : null }, h("th", { scope: "row" }, LABELS[guess.name] ?? guess.name), h("td", {}, percent(guess.sure)), h("td", {}, guess.reason)));
    one("table", this.why).replaceChildren(h("thead", {}, h("tr", {}, ["Guess", "Sure", "Why"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, lines));
  }

  /** A row that is keyed, to be read; or the rows whose year a number is. */
  keyed(item, cells) {
    if (!item.table) {
      const links = item.years.map((id) => h("button", { type: "button", class: "link", onclick: () => this.desk.goRow(id) }, id));
      return this.parts.body.replaceChildren(h("p", {}, "A keyed row's quote holds this year, so it needs no row: ", ...links.flatMap((link, index) => (index ? [", ", link] : [link])), "."));
    }
    const { doc } = this.desk;
    const metric = doc.metrics.find((one) => one.metric === cells.metric);
    const shown = (name) => (name === "metric" ? (metric?.label ?? cells.metric) : name === "unit" ? (metric?.unit_label ?? cells.unit) : (doc.codes[name]?.[cells[name]] ?? cells[name]));
    const entries = KEYED.filter((name) => cells[name] && !(["sex", "age", "exploitation"].includes(name) && cells[name] === "total"));
    this.parts.body.replaceChildren(h("dl", { class: "read" }, entries.map((name) => h("div", { class: LONG.includes(name) ? "long" : null }, h("dt", {}, LABELS[name]), h("dd", {}, shown(name))))), ...(metric ? [h("p", { class: "about" }, metric.definition)] : []));
  }

  checks(item, cells) {
    const failures = this.desk.failures(item).filter((failure) => !(failure.column in this.fields));
    const lines = failures.map((failure) => h("li", {}, failure.message));
    const twice = item.others ? [h("li", {}, "This number is claimed by more than one row. One printed number is one row: open one of them again, or take it away.")] : [];
    const same = item.table === "drafts" && cells.metric && cells.fate === "key" ? this.desk.alike(item, SAME) : null;
    const again = same ? [h("li", {}, `Line ${same.line} has it already, keyed as ${this.desk.cells(same).id}. A sentence that tells a fact again is keyed again; words that only point back to it are set aside as repeated.`)] : [];
    const all = [...twice, ...again, ...lines];
    this.parts.checks.replaceChildren(...(all.length ? [h("h3", { id: "heading-checks" }, "What the checks say of this row"), h("ul", {}, all)] : []));
    this.parts.checks.hidden = !all.length;
  }

  /** This report's sentence beside the likest keyed one of another document. */
  sentences(found, at) {
    const { likest } = this.parts;
    if (!found?.here) return likest.replaceChildren();
    const one = found.others[at];
    const words = (sentence) => h("p", { class: "words" }, sentence.before, h("mark", {}, sentence.printed), sentence.after);
    const cards = [h("div", { class: "card" }, h("h3", {}, "This document"), words(found.here))];
    if (one) {
      const metric = this.desk.doc.metrics.find((known) => known.metric === one.cells.metric);
      const parts = ["sex", "age", "exploitation"].filter((name) => one.cells[name] !== "total").map((name) => this.desk.doc.codes[name][one.cells[name]]);
      const period = one.cells.start ? `${one.cells.start} to ${one.cells.end}` : plain(one.cells.period_basis);
      cards.push(
        h(
          "div",
          { class: "card other", tabindex: "-1" },
          h("h3", {}, `${one.document}, ${one.published}`),
          words(one),
          h("p", { class: "as" }, `${one.id}: ${[metric?.label ?? one.cells.metric, ...parts].join(", ")}; ${plain(one.cells.qualifier)}; ${period}${one.cells.coverage ? `; only ${one.cells.coverage}` : ""}${one.cells.status === "A" ? "" : `; ${this.desk.doc.codes.status[one.cells.status]}`}`),
          h("div", { class: "steps" }, act("other", "o", found.others.length > 1 ? `Likest sentence ${at + 1} of ${found.others.length}` : "Go to it"), act("alike", "l", "Take its metric and categories")),
        ),
      );
    } else cards.push(h("div", { class: "card other" }, h("h3", {}, "Other documents"), h("p", {}, "No keyed sentence is like this one.")));
    likest.replaceChildren(...cards);
  }
}

const percent = (sure) => `${Math.round(sure * 100)}%`;
