// Settling two readings: one difference at hand, taken from the first, from the second, or from neither, with a reason.

import { get, listen, post } from "./api.js";
import { act, h, one, plain, say } from "./dom.js";
import { ask } from "./sheet.js";

const KEYS = {
  1: ["first", "The first reading stands"],
  2: ["second", "Take the second reading"],
  e: ["other", "Neither: enter something else, and why"],
  w: ["why", "Write the reason"],
  j: ["next", "Next difference"],
  k: ["previous", "Difference before"],
  u: ["undo", "Undo"],
  f: ["figures", "How far the two readings agree"],
  "?": ["help", "This sheet"],
};
const LONG = ["quote", "context", "note"];
const HIDDEN = ["id", "printed"];
const store = { doc: null, state: null, at: "" };

const differences = () => store.state.differences;
const here = () => differences().find((found) => found.name === store.at) ?? differences()[0];

// ---- A reason that is being written stays in this browser until its difference is settled.

const typed = (name) => `tieout-settle-${store.doc.document}-${name}`;
const reasonOf = (name) => localStorage.getItem(typed(name)) ?? "";
function keep(name, reason) {
  if (reason) localStorage.setItem(typed(name), reason);
  else localStorage.removeItem(typed(name));
}

// ---- Acts

async function settle(found, take, value, reason) {
  const given = { act: "settle", name: found.name, take, value, reason };
  keep(found.name, reason);
  try {
    let [status, answer] = await post(() => ({ ...given, seen: store.state.version }));
    if (status === 409) {
      store.state = answer;
      const now = differences().find((other) => other.name === found.name);
      const same = now && now.first.value === found.first.value && now.second.value === found.second.value;
      if (!same) return meanwhile(found, given, now);
      [status, answer] = await post(() => ({ ...given, seen: store.state.version }));
    }
    if (status !== 200) return refused(status, answer);
    alarm("");
    keep(found.name, "");
    store.at = answer.go;
    show(answer);
    say(`${answer.told} ${left()}`);
  } catch {
    lost();
  }
}

async function undo() {
  try {
    const [status, answer] = await post(() => ({ act: "undo", seen: store.state.version }));
    if (status !== 200) return refused(status, answer);
    alarm("");
    show(answer);
    say(answer.told);
  } catch {
    lost();
  }
}

/** Another tab or program was there first: what it has, what was wanted here, and nothing written. */
function meanwhile(found, given, now) {
  const entry = store.state.settled.find((line) => `${line.place} ${line.column} ${line.printed}` === found.name);
  const theirs = now ? `first ${now.first.value || "empty"}, second ${now.second.value || "empty"}` : entry ? `settled as ${entry.settled || "empty"}${entry.reason ? ` (${entry.reason})` : ""}` : "no difference any more";
  const mine = given.take === "else" ? given.value || "empty" : `the ${given.take} reading`;
  draw();
  alarm(`${found.printed}, ${plain(found.column)}, was changed by another tab or program. There it is now: ${theirs}. You wanted: ${mine}${given.reason ? ` (${given.reason})` : ""}; that was not written.`);
}

function refused(status, answer) {
  if (answer?.differences) show(answer);
  alarm(answer?.told || `The server refused it (${status}).`);
}

function lost() {
  alarm(`The settling has ended, or does not answer. What is settled is on disk. Start it again: python pipeline.py review ${store.doc.document} --settle`);
}

const ACTS = {
  first: () => here() && settle(here(), "first", "", reasonOf(here().name)),
  second: () => here() && settle(here(), "second", "", reasonOf(here().name)),
  other: () => here() && other(here()),
  why: () => one("#reason")?.focus(),
  next: () => step(1),
  previous: () => step(-1),
  undo,
  figures: () => ask("How far the two readings agree", (done) => ({ body: [figures(), back(done)] }), ".leave button"),
  help: () => ask("Keys", (done) => ({ body: [keys(), h("p", {}, "In a field letters are letters; Escape leaves it. Tab reaches everything."), back(done)] }), ".leave button"),
};

const back = (done) => h("p", { class: "leave" }, h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Back"));
const keys = () => h("dl", { class: "keys" }, Object.entries(KEYS).map(([key, [, label]]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, label))));
const figures = () => h("table", { class: "figures" }, h("tbody", {}, store.state.figures.map(([label, value]) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, value)))));

/** Neither reading: the value and the reason, both in one sheet. */
async function other(found) {
  if (found.column === "fate" && !found.numbered) return alarm("Words are in the record or they are not: take one of the two readings.");
  const told = found.column === "fate" ? "Set the number aside instead, as" : `The ${plain(found.column)} that stands in the record`;
  const chosen = await ask(
    `${found.printed}, ${plain(found.column)}: something else`,
    (done) => {
      const field = fieldFor(found);
      const reason = h("input", { id: "other-reason", type: "text", autocomplete: "off", value: reasonOf(found.name), required: true });
      reason.addEventListener("input", () => keep(found.name, reason.value));
      const form = h(
        "form",
        {},
        h("div", { class: "field" }, h("label", { for: "other-value" }, told), field),
        h("div", { class: "field" }, h("label", { for: "other-reason" }, "Why neither reading is taken as it is"), reason),
        h("p", { class: "leave" }, h("button", { type: "submit", class: "main" }, "Settle"), " ", h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Leave it")),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        done({ value: field.value.trim(), reason: reason.value });
      });
      return { body: form };
    },
    "#other-value",
  );
  if (chosen) await settle(found, "else", chosen.value, chosen.reason);
}

function fieldFor(found) {
  const codes = optionsFor(found.column);
  if (!codes) return h("input", { id: "other-value", type: "text", autocomplete: "off", spellcheck: "false", value: found.first.value });
  return h("select", { id: "other-value" }, Object.entries(codes).map(([code, label]) => h("option", { value: code }, label === code ? code : `${plain(code)}: ${label}`)));
}

function optionsFor(column) {
  if (column === "fate") return store.doc.codes.reason;
  if (column === "metric") return Object.fromEntries(store.doc.metrics.map((metric) => [metric.metric, metric.label]));
  return store.doc.codes[column];
}

// ---- What is shown

function show(state) {
  store.state = state;
  draw();
}

const left = () => (differences().length ? `${differences().length} left.` : "Every difference is settled.");

function draw() {
  const writing = document.activeElement?.id === "reason" && here()?.name === store.at ? document.activeElement.selectionStart : -1;
  const found = here();
  store.at = found?.name ?? "";
  tally();
  list(found);
  one("#hand").replaceChildren(...(found ? hand(found) : end()));
  one("#at-hand").scrollTop = 0;
  if (writing >= 0) {
    one("#reason").focus();
    one("#reason").setSelectionRange(writing, writing);
  }
  if (store.state.faults.length) alarm(`${store.state.faults.join(" ")} Nothing is written until this is mended.`);
}

function tally() {
  const { settled, undo: last } = store.state;
  const shares = Object.fromEntries(store.state.figures);
  const part = (count, label) => h("span", { class: "part" }, h("strong", {}, String(count)), ` ${label}`);
  one("#tally").replaceChildren(
    h("p", { class: "counts" }, part(differences().length, "to settle"), part(settled.length, "settled"), part(shares["rows that both keyed, alike in every column"], "rows alike"), part(shares["cells of these rows that are alike"], "cells alike")),
    h("p", { class: "state" }, checksShort()),
  );
  const button = one(".tools [data-act=undo]");
  button.disabled = !last;
  button.title = last ? `Undo: ${last}` : "Nothing to undo";
}

function checksShort() {
  const { checks } = store.state;
  if (!checks?.failures) return "Checks: starting …";
  if (checks.broken.length) return "Checks: a rule is broken";
  const mine = checks.failures.length;
  return mine ? `Checks of the record: ${mine} to mend. ${checks.failures[0].message}` : "Checks of the record: nothing to mend here";
}

function list(found) {
  const { open, settled, quotes } = store.state;
  one("#list").replaceChildren(
    ...differences().map((each) =>
      h("li", {}, h("button", { type: "button", "data-name": each.name, "aria-current": each === found ? "true" : false }, h("span", { class: "printed" }, each.printed), h("span", { class: "where" }, `line ${each.line}`), h("span", { class: "where" }, plain(each.column) + (each.more.length ? ` and ${each.more.length} more numbers` : "")))),
    ),
  );
  one("#list [aria-current]")?.scrollIntoView({ block: "nearest" });
  one("#done").replaceChildren(
    ...open.map((told) => h("p", { class: "note-line" }, told)),
    settled.length ? h("details", {}, h("summary", {}, `Settled: ${settled.length}`), h("ul", {}, settled.map((line) => h("li", {}, h("strong", {}, line.printed), `, line ${line.line}, ${plain(line.column)}: ${line.settled || "empty"}`, line.reason ? ` (${line.reason})` : "")))) : "",
    quotes.length ? h("details", {}, h("summary", {}, `The words quoted differ: ${quotes.length}`), h("p", {}, "Nothing to settle: the record keeps those of the first reading."), h("ul", {}, quotes.map((each) => h("li", {}, h("strong", {}, each.printed), `, line ${each.line}`)))) : "",
  );
}

function hand(found) {
  const at = differences().indexOf(found) + 1;
  const reason = h("input", { id: "reason", type: "text", autocomplete: "off", value: reasonOf(found.name) });
  reason.addEventListener("input", () => keep(found.name, reason.value));
  return [
    h("div", { class: "head" }, h("p", { class: "what" }, h("strong", {}, found.printed), " ", h("span", { class: "fate" }, plain(found.column))), h("p", { class: "where" }, `Line ${found.line}, ${at} of ${differences().length}`)),
    found.more.length ? h("p", { class: "note-line" }, `One decision for ${found.more.length + 1} numbers of a stretch.`) : "",
    h("p", { class: "passage", translate: "no" }, `${found.before && found.before.length > 319 ? "…" : ""}${found.before}`, h("mark", {}, found.words || found.printed), `${found.after}${found.after.length > 319 ? "…" : ""}`),
    h("div", { class: "sides-by-side" }, choice(found, "first", "1"), choice(found, "second", "2")),
    h("div", { class: "third" }, h("div", { class: "field" }, h("label", { for: "reason" }, h("kbd", { "aria-hidden": "true" }, "w"), " Reason"), reason), act("other", "e", "Something else …")),
    beside(found),
  ].filter(Boolean);
}

function choice(found, side, key) {
  const { value } = found[side];
  return h(
    "button",
    { type: "button", class: `choice ${side === "second" ? "two" : ""}`, "data-act": side, "aria-keyshortcuts": key },
    h("span", { class: "whose" }, h("kbd", { "aria-hidden": "true" }, key), side === "first" ? " First reading" : " Second reading"),
    h("span", { class: "value" }, found.column === "fate" ? plain(value.split(":")[0]) : labelled(found.column, value) || "empty"),
    h("span", { class: "meaning" }, meaning(found.column, value)),
  );
}

function labelled(column, value) {
  if (column === "metric") return store.doc.metrics.find((metric) => metric.metric === value)?.label ?? value;
  return plain(value);
}

function meaning(column, value) {
  if (column === "fate") return { absent: "not in this reading", period: "the year of a keyed number" }[value] ?? value.split(": ").slice(1).join(": ");
  if (column === "metric") return store.doc.metrics.find((metric) => metric.metric === value)?.definition ?? "";
  const label = store.doc.codes[column]?.[value];
  return label && label !== value && label !== plain(value) ? label : "";
}

/** Both rows whole, a line for each column; what differs is marked, and the one at hand. */
function beside(found) {
  const [first, second] = [found.first.row, found.second.row];
  const columns = Object.keys({ ...first, ...second }).filter((column) => !HIDDEN.includes(column));
  if (!columns.length) return "";
  const line = (column) => {
    const differs = !LONG.includes(column) && column in first && column in second && first[column] !== second[column];
    const kind = [differs && "differs", column === found.column && "here"].filter(Boolean).join(" ");
    return h("tr", { class: kind || null }, h("th", { scope: "row" }, plain(column)), h("td", {}, first[column] || "–"), h("td", {}, second[column] || "–"));
  };
  return h("table", { class: "beside-table" }, h("caption", { class: "small" }, "The two rows, whole"), h("thead", {}, h("tr", {}, ["Column", "First reading", "Second reading"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, columns.map(line)));
}

function end() {
  return [h("div", { class: "end" }, h("p", { class: "what" }, h("strong", {}, store.state.open.length ? "A reading is not finished" : "Every difference is settled")), h("pre", {}, store.state.next.join("\n")), h("h3", {}, "How far the two readings agreed"), figures())];
}

// ---- Keys and events

function step(by) {
  const all = differences();
  if (!all.length) return;
  const at = all.indexOf(here());
  go(all[(at + by + all.length) % all.length].name);
}

function go(name) {
  store.at = name;
  draw();
  const found = here();
  say(`${found.printed}, ${plain(found.column)}: first ${found.first.value || "empty"}, second ${found.second.value || "empty"}`);
}

function alarm(told) {
  one("#alarm").textContent = told;
  one("#alarm").hidden = !told;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || one("#sheet").open || !store.state) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  run(KEYS[event.key][0]);
});

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-name]");
  if (line) return go(line.dataset.name);
  const button = event.target.closest("[data-act]");
  if (button && store.state) run(button.dataset.act);
});

/** Do an act; the page is busy until it is done, and acts that were asked for meanwhile follow it. */
function run(name) {
  document.body.dataset.busy = "yes";
  busy = busy.then(() => ACTS[name]()).catch((error) => alarm(`The page broke: ${error.message}. What is settled is on disk; reload it.`));
  const mine = busy;
  busy.finally(() => { if (busy === mine) document.body.dataset.busy = "no"; });
}
let busy = Promise.resolve();

async function hear(event) {
  if (!store.state) return;
  if (event.checks) {
    store.state.checks = event.checks;
    tally();
  }
  if (event.version && event.version !== store.state.version) {
    const state = await get("api/state").catch(() => null);
    if (!state || state.version === store.state.version) return;
    show(state);
    say("The files were changed by another tab or program; this is what stands there now.");
  }
}

async function start() {
  store.doc = await get("api/document");
  one("#title").textContent = store.doc.title;
  one("#which").textContent = `${store.doc.document} · two readings, settled from the page`;
  document.title = `Settle ${store.doc.document}`;
  show(await get("api/state"));
  listen(hear, lost, () => { if (one("#alarm").textContent.startsWith("The settling has ended")) alarm(""); });
  document.body.dataset.ready = "yes";
}

start();
