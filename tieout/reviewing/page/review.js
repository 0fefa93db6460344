// The desk: one document, one item at hand, every act by a key.

import { get, listen, post, send } from "./api.js";
import { define } from "./defining.js";
import { h, one, say } from "./dom.js";
import { Panel, proposed } from "./panel.js";
import { ask, choose } from "./sheet.js";
import * as source from "./source.js";

const REST = 250; // milliseconds after the last letter until what was typed is saved
const REASON_KEYS = (codes) => Object.entries(codes).map(([code, more]) => ({ code, key: code[0], label: code.replaceAll("_", " "), more }));
const KINDS = [
  { code: "recommendation", key: "r", label: "Recommendation", more: "what the report asks for" },
  { code: "assessment", key: "a", label: "Assessment", more: "a grade or a judgement" },
  { code: "commitment", key: "c", label: "Commitment", more: "what the government promised" },
  { code: "caveat", key: "v", label: "Caveat", more: "a warning about the data" },
];
const DECIDES = new Set(["accept", "set_aside", "period"]); // only of what is on the screen: never asked for in advance
const KEYS = {
  j: ["next", "Next number"], k: ["previous", "Number before"], n: ["open", "Next open number"], N: ["openBefore", "Open number before"], a: ["accept", "Accept: do what the row says"],
  e: ["edit", "Edit the row"], m: ["metric", "Search a metric"], M: ["define", "Enter a new metric"], s: ["set_aside", "Set aside, by a reason; the selected words as one stretch"], p: ["period", "The year of another row"],
  x: ["split", "Split: a second row from words that deny, or a stretch taken apart"], r: ["reopen", "Open again"], d: ["remove", "Take away a gap, a passage, words set aside"], u: ["undo", "Undo"],
  v: ["select", "Select the sentence, and then the next"], w: ["selectBefore", "Select the sentence before"], V: ["selectMore", "Select the next sentence too"], q: ["quote", "Quote the selected words"],
  "[": ["step:wider-left", "Quote, or selection, wider to the left"], "{": ["step:narrower-left", "Quote, or selection, narrower on the left"],
  "]": ["step:wider-right", "Quote, or selection, wider to the right"], "}": ["step:narrower-right", "Quote, or selection, narrower on the right"], g: ["gap", "The selected words say that something is not reported"],
  t: ["passage", "Keep the selected words as a statement"], o: ["other", "The likest sentence of another document"], l: ["alike", "Take its metric and categories"], f: ["order", "Page order, or least sure first"],
  c: ["checks", "What the checks say of this document"], "?": ["help", "This sheet"],
};

const store = { doc: null, state: null, at: "", order: "page", pending: new Map(), base: new Map(), timer: 0, likest: null, other: 0, singles: localStorage.getItem("tieout-singles") !== "off" };

const desk = {
  get doc() { return store.doc; },
  cells: (item) => (item.table ? store.state.tables[item.table][item.index] : {}),
  pending: (key) => store.pending.get(key) ?? {},
  edit: (cells) => { type(cells); return flush(); },
  typed: (cells) => { type(cells); clearTimeout(store.timer); store.timer = setTimeout(flush, REST); },
  failures: (item) => failuresOf(item),
  position: (item) => position(item),
  alike: (item, names) => items().find((other) => other.table === "metrics" && other.key !== item.key && names.every((name) => desk.cells(other)[name] === { ...desk.cells(item), ...desk.pending(item.key) }[name])),
  goRow: (id) => { const found = store.state.items.find((other) => desk.cells(other).id === id); if (found) go(found.key); },
};
const panel = new Panel(one("#panel"), desk);

const items = () => store.state.items;
const find = (key) => items().find((item) => item.key === key);
const here = () => find(store.at) ?? items().find((item) => item.fate === "open") ?? items()[0];

// ---- What is typed: kept in the page and in its session until it is on disk.

let typed = 0;

function type(cells) {
  typed = performance.now();
  const item = here();
  if (!store.base.has(item.key)) store.base.set(item.key, { ...desk.cells(item) });
  store.pending.set(item.key, { ...desk.pending(item.key), ...cells });
  keep();
  tally();
}

const place = () => `tieout-typed-${store.doc.document}-${store.doc.reading}`;
function keep() {
  const found = [...store.pending].map(([key, cells]) => [key, cells, store.base.get(key)]);
  if (found.length) sessionStorage.setItem(place(), JSON.stringify(found));
  else sessionStorage.removeItem(place());
}

function restore() {
  for (const [key, cells, base] of JSON.parse(sessionStorage.getItem(place()) ?? "[]")) {
    store.pending.set(key, cells);
    store.base.set(key, base);
  }
}

function flush() {
  clearTimeout(store.timer);
  const all = [...store.pending.keys()].map((key) => save(key));
  return Promise.all(all);
}

/** Until nobody has typed for a while: a question that comes up amid a word would take its letters for an answer. */
async function quiet() {
  while (performance.now() - typed < 1000) await new Promise((resolve) => setTimeout(resolve, 100));
}

const meeting = new Set(); // the rows whose typed cells have met another version, until somebody chooses

async function save(key) {
  if (meeting.has(key)) return;
  let sent = null;
  try {
    const [status, answer] = await post(() => {
      sent = { ...desk.pending(key) };
      return { act: "edit", key, cells: sent, seen: store.state.version };
    });
    if (!Object.keys(sent).length) return;
    if (status === 409) return meet(answer, key);
    if (status !== 200) return refused(status, answer, key);
    const rest = Object.fromEntries(Object.entries(desk.pending(key)).filter(([name, cell]) => sent[name] !== cell));
    if (Object.keys(rest).length) store.pending.set(key, rest);
    else { store.pending.delete(key); store.base.delete(key); }
    keep();
    alarm("");
    take(answer);
  } catch {
    lost();
  }
}

async function meet(answer, key) {
  meeting.add(key);
  await quiet();
  meeting.delete(key);
  return conflict(answer, "edit", { key, cells: { ...desk.pending(key) } });
}

// ---- Acts

let writing = 0;

async function perform(name, given = {}, told = "") {
  writing += 1;
  try {
    return await performed(name, given, told);
  } finally {
    writing -= 1;
  }
}

async function performed(name, given, told) {
  await flush();
  if (store.pending.size) return null; // what was typed could not be saved: it comes first
  try {
    const [status, answer] = await post(() => ({ act: name, ...given, seen: store.state.version }));
    if (status === 409) return await conflict(answer, name, given);
    if (status !== 200) return refused(status, answer);
    alarm("");
    const open = new Set(items().filter((item) => item.fate === "open").map((item) => item.key));
    if (answer.go && answer.go !== store.at) { store.at = answer.go; store.likest = null; }
    take(answer);
    const years = items().filter((item) => open.has(item.key) && item.fate === "period").map((item) => item.printed);
    done(`${answer.told || told}${years.length && name === "accept" ? ` Decided with it, as the year of that row: ${years.join(", ")}.` : ""}`);
    return answer;
  } catch {
    return lost();
  }
}

/** What was done last, for those who see the page and for those who hear it. */
function done(told) {
  one("#done").textContent = told;
  say(told);
}

function refused(status, answer, key) {
  if (answer) take(answer);
  const told = answer?.told || `The server refused it (${status}).`;
  alarm(key ? `Not saved yet: ${told}` : told);
  return null;
}

function lost() {
  alarm("The review has ended, or does not answer. What is on disk is safe, and what you type here stays in this tab. Start the review again: python pipeline.py review " + store.doc.document);
  return null;
}

/** Other files stand on disk than this page saw. Where nothing that this act is about has changed, it is done on them; else both are shown. */
async function conflict(answer, name, given) {
  const item = given.key && find(given.key);
  const before = item ? (store.base.get(item.key) ?? desk.cells(item)) : null;
  take(answer, true);
  const now = given.key && find(given.key);
  const there = now ? desk.cells(now) : null;
  const same = before && there && now.table === item.table && Object.keys(there).every((column) => there[column] === before[column]);
  if (same) return name === "edit" ? save(given.key) : perform(name, given);
  const chosen = await ask("Changed by another tab or program", (done) => ({ body: versions(name, given, there, now, done), keys: { k: () => done("mine"), t: () => done("theirs") } }));
  if (chosen === "mine") {
    if (name !== "edit") return perform(name, given);
    store.base.set(given.key, { ...there });
    if (now && now.table !== "drafts" && now.table !== "statements" && now.table) {
      store.pending.delete(given.key);
      await perform("reopen", { key: given.key });
      store.pending.set(given.key, given.cells);
    }
    return save(given.key);
  }
  if (chosen === "theirs" && given.key) {
    store.pending.delete(given.key);
    store.base.delete(given.key);
    keep();
    panel.shape = "";
    draw();
    say("Left as it stands on disk.");
  } else alarm(given.key && store.pending.has(given.key) ? "Not saved: what you typed stays in this tab until you choose." : "Nothing was done.");
  return null;
}

function versions(name, given, there, now, done) {
  const state = !there ? "The row is gone." : now.fate === "open" ? "" : `It is ${now.fate.replaceAll("_", " ")} now.`;
  const columns = name === "edit" ? Object.keys(given.cells) : [];
  const line = (column) => h("tr", {}, h("th", { scope: "row" }, column), h("td", {}, given.cells[column] || "–"), h("td", {}, there?.[column] || "–"));
  return [
    h("p", {}, `The files were changed since this page read them, so nothing was written. ${state}`),
    columns.length ? h("table", { class: "versions" }, h("thead", {}, h("tr", {}, ["Cell", "Yours", "On disk now"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, columns.map(line))) : h("p", {}, `You wanted: ${name.replaceAll("_", " ")}.`),
    h("p", { class: "leave" }, h("button", { type: "button", class: "main", onclick: () => done("mine") }, h("kbd", { "aria-hidden": "true" }, "k"), " Keep mine"), " ", h("button", { type: "button", onclick: () => done("theirs") }, h("kbd", { "aria-hidden": "true" }, "t"), " Take what is there")),
  ];
}

const ACTS = {
  next: () => step(1),
  previous: () => step(-1),
  open: () => step(1, true),
  openBefore: () => step(-1, true),
  accept: async () => {
    const item = here();
    if (item.table !== "drafts") return alarm("This is decided already. r opens it again, n goes to the next open number.");
    if (!proposed(desk.cells(item), desk.pending(item.key))) return alarm("Nothing is proposed for it. m searches a metric, s sets it aside.");
    if (await perform("accept", { key: item.key })) step(1, true, true);
  },
  set_aside: async () => {
    const chosen = source.selected();
    const item = here();
    const row = desk.cells(item);
    const options = REASON_KEYS(store.doc.codes.reason);
    const inside = chosen ? items().filter((other) => other.kind === "number" && chosen.start <= other.start && other.end <= chosen.end) : [];
    if (inside.length) {
      const reason = await choose(`Set the selected words aside, with ${inside.length} ${inside.length === 1 ? "number" : "numbers"} in them, as …`, "", options, inside[0] && desk.cells(inside[0]).reason);
      if (reason && (await perform("stretch", { ...chosen, reason }))) { getSelection().removeAllRanges(); step(1, true, true); }
      return;
    }
    if (item.table !== "drafts" || item.kind !== "number") return alarm("Only an open number is set aside. r opens a decided one again.");
    const reason = await choose(`Set ${item.printed} aside as …`, "", options, row.reason);
    if (reason && (await perform("set_aside", { key: item.key, reason }))) step(1, true, true);
  },
  period: async () => { if (await perform("period", { key: here().key })) step(1, true, true); },
  edit: async () => {
    if (here().table === "metrics") await perform("reopen", { key: here().key });
    const item = here();
    if (item.table === "drafts") panel.rowBox.open = true;
    const sure = item.edited ? [] : (item.guesses ?? []).map((guess) => (guess.name === "period" ? "start" : guess.name));
    const first = sure.find((name) => one(`#panel [data-name="${name}"]`)) ?? "metric";
    (one(`#panel [data-name="${first}"]`) ?? one("#panel [data-name]"))?.focus();
  },
  metric: () => { if (here().table === "drafts") { panel.rowBox.open = true; one("#field-metric").focus(); } else alarm("This is decided already. r opens it again."); },
  define: async () => {
    const here_ = store.likest?.here;
    const made = await define(store.doc, here_ && here().kind === "number" ? `${here_.before}${here_.printed}${here_.after}` : "");
    if (!made) return;
    const open = here().table === "drafts";
    store.doc.metrics = made[1];
    panel.shape = "";
    draw();
    if (open) {
      panel.rowBox.open = true;
      await desk.edit({ metric: made[0] });
    }
    say("The metric is in the codebook.");
  },
  split: () => perform("split", { key: here().key }),
  reopen: () => perform("reopen", { key: here().key }),
  remove: () => perform("remove", { key: here().key }),
  undo: () => perform("undo"),
  quote: () => withSelection((chosen) => perform("quote", { key: here().key, ...chosen }, "The quote is the selected words.")),
  select: () => sentence(1),
  selectBefore: () => sentence(-1),
  selectMore: () => sentence(1, true),
  gap: () => withSelection(async (chosen) => { if (await perform("gap", chosen)) ACTS.metric(); }),
  passage: () => withSelection(async (chosen) => {
    const kind = await choose("Keep the selected words as …", "", KINDS);
    if (kind && (await perform("passage", { ...chosen, kind }))) one('#panel [data-name="label"]')?.focus();
  }),
  other: () => {
    const all = store.likest?.others ?? [];
    if (!all.length) return alarm("No keyed sentence of another document is like this one.");
    const card = one(".likest .other");
    if (document.activeElement === card) { store.other = (store.other + 1) % all.length; panel.sentences(store.likest, store.other); }
    one(".likest .other").focus();
  },
  alike: async () => {
    const row = store.likest?.others[store.other]?.cells;
    if (!row || here().table !== "drafts") return;
    await desk.edit(Object.fromEntries(["metric", "sex", "age", "exploitation"].map((name) => [name, row[name]])));
    panel.rowBox.open = true;
    say(`Metric and categories as in ${store.likest.others[store.other].id}.`);
  },
  order: () => { const field = one("#order"); field.value = field.value === "page" ? "sure" : "page"; field.dispatchEvent(new Event("change")); say(field.selectedOptions[0].textContent); },
  checks: () => checkSheet(),
  help: () => help(),
};

/** Select the sentence of the item at hand, or the one after or before what is selected; `more` keeps what is selected. */
function sentence(by, more = false) {
  const all = store.doc.sentences;
  const chosen = source.selected();
  const holds = (at) => all.findIndex(([start, end]) => start <= at && at < end);
  const own = holds(Math.min(here().start, all.at(-1)[1] - 1));
  const at = chosen ? (by > 0 ? holds(chosen.end - 1) + 1 : holds(chosen.start) - 1) : by > 0 ? own : own - 1;
  if (!all[at]) return;
  source.select(more && chosen ? chosen.start : all[at][0], all[at][1]);
  say(getSelection().toString());
}

function withSelection(then) {
  const chosen = source.selected();
  if (!chosen) return alarm("Select the words on the page first.");
  return then(chosen);
}

// ---- Where one is

function ordered() {
  if (store.order === "page") return items();
  const sure = (item) => (item.fate === "open" ? Number(desk.cells(item).confidence || 1) : 2);
  return [...items()].sort((left, right) => sure(left) - sure(right) || left.start - right.start);
}

function step(by, open = false, quiet = false) {
  const all = ordered();
  const from = all.findIndex((item) => item.key === store.at);
  for (let turn = 1; turn <= all.length; turn += 1) {
    const item = all[(from + by * turn + all.length * 2) % all.length];
    if (!open || item.fate === "open") return go(item.key, quiet);
  }
  if (open) done(`No number is open. ${checksShort()}: c lists it. Gaps and recommendations are selected on the page: v, then g or t.`);
}

function go(key, quiet = false) {
  flush();
  if (source.selected()) getSelection().removeAllRanges();
  store.at = key;
  store.likest = null;
  store.other = 0;
  draw(true);
  const item = here();
  if (!quiet) say(`${item.printed ?? item.kind}, ${item.fate.replaceAll("_", " ")}, ${position(item)}`);
  history.replaceState(null, "", `#${encodeURIComponent(item.key)}`);
}

function position(item) {
  const open = ordered().filter((other) => other.fate === "open");
  const at = open.findIndex((other) => other.key === item.key);
  return at < 0 ? `${open.length} open` : `open ${at + 1} of ${open.length}`;
}

// ---- What is shown

function take(state, quiet = false) {
  store.state = state;
  for (const item of state.items) if (item.kind === "number") item.printed = printed(item);
  if (!quiet) draw();
}

const text = [];
function printed(item) {
  const words = text.slice(item.start, item.end).join("");
  item.year = /(?:^|\D)(?:19\d\d|20\d\d|2100)$/.test(words);
  return words;
}

function draw(move = false) {
  const item = here();
  if (!item) return;
  store.at = item.key;
  source.paint(items());
  source.point(item, move);
  panel.show(item);
  panel.sentences(store.likest, store.other);
  if (!store.likest && item.kind === "number") nearest(item.key);
  tally();
  faults();
}

async function nearest(key) {
  const found = await get(`api/likest?key=${encodeURIComponent(key)}`).catch(() => null);
  if (store.at !== key || !found) return;
  store.likest = found;
  panel.sentences(found, 0);
}

function tally() {
  const { tally: counts, undo } = store.state;
  const part = (name, label) => h("span", { class: "part", "data-fate": name }, h("strong", {}, String(counts[name])), ` ${label}`);
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, ["keyed", "set_aside", "period", "open"].map((name) => { const made = h("span", { "data-fate": name }); made.style.flexGrow = counts[name]; return made; }));
  const unsaved = store.pending.size > 0;
  one("#tally").replaceChildren(
    h("p", { class: "counts" }, part("open", `open of ${counts.numbers}`), part("keyed", "keyed"), part("set_aside", "set aside"), part("period", counts.period === 1 ? "year of a row" : "years of rows"), h("span", { class: "part" }, h("strong", {}, String(counts.gaps)), " not reported"), h("span", { class: "part" }, h("strong", {}, String(counts.passages)), " passages")),
    bar,
    h("p", { class: "state" }, h("button", { type: "button", class: "link", "data-act": "checks" }, checksShort()), " · ", h("span", { class: "saved" }, unsaved ? "Saving …" : "Saved")),
  );
  one(".tools [data-act=undo]").disabled = !undo;
  one(".tools [data-act=undo]").title = undo ? `Undo: ${undo}` : "Nothing to undo";
}

function checksShort() {
  const { checks } = store.state;
  if (!checks?.failures) return "Checks: starting …";
  if (checks.broken.length) return "Checks: a rule is broken";
  const mine = checks.failures.length;
  const here = mine ? `${mine} ${mine === 1 ? "thing" : "things"} still to do here${checks.form ? " first, then the rest is checked" : ""}` : "nothing to mend here";
  return `Checks: ${here}${checks.elsewhere ? `, ${checks.elsewhere} elsewhere` : ""}`;
}

function failuresOf(item) {
  const { checks } = store.state;
  const row = desk.cells(item);
  const name = row.id && item.table !== "drafts" ? row.id : "";
  return (checks?.failures ?? []).filter((failure) => (name && failure.ids.includes(name)) || (item.table === "set_aside" && failure.words && failure.words === row.context));
}

function checkSheet() {
  const { checks } = store.state;
  const lines = (checks?.failures ?? []).map((failure) => h("li", {}, h("strong", {}, failure.ids.join(", ")), " ", failure.message, " ", h("span", { class: "quiet" }, failure.where)));
  const broken = (checks?.broken ?? []).map((told) => h("li", { class: "fails" }, told));
  return ask("What the checks say of this document", (done) => ({
    body: [h("p", {}, checksShort(), ". Open numbers are counted above and not told here."), h("ul", { class: "told" }, [...broken, ...lines]), h("p", { class: "leave" }, h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Back"))],
  }), ".leave button");
}

function help() {
  const toggle = h("input", { type: "checkbox", id: "singles", onchange: (event) => { store.singles = event.target.checked; localStorage.setItem("tieout-singles", store.singles ? "on" : "off"); } });
  toggle.checked = store.singles;
  return ask("Keys", (done) => ({
    body: [
      h("dl", { class: "keys" }, Object.entries(KEYS).map(([key, [, label]]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, label)))),
      h("p", {}, "In a field letters are letters; Escape leaves it. Esc closes a sheet. Tab reaches everything."),
      h("p", {}, toggle, " ", h("label", { for: "singles" }, "Single keys act")),
      h("p", { class: "leave" }, h("button", { type: "button", onclick: () => done(null) }, h("kbd", { "aria-hidden": "true" }, "Esc"), " Back")),
    ],
  }), ".leave button");
}

function alarm(told) {
  const place = one("#alarm");
  if (place.textContent !== told) place.textContent = told;
  place.hidden = !told;
}

function faults() {
  if (store.state.faults.length) alarm(`${store.state.faults.join(" ")} Nothing is written until this is mended.`);
}

// ---- Keys and events

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || one("#sheet").open || !store.state) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing) {
    if (event.key === "Escape") { typing.blur(); flush(); one("#row").focus({ preventScroll: true }); }
    return;
  }
  if ((event.key === "Enter" || event.key === " ") && event.target.closest(".num")) { event.preventDefault(); return go(event.target.closest(".num").dataset.key); }
  if (!store.singles || !(event.key in KEYS)) return;
  event.preventDefault();
  if (writing) return say("Still writing. Press it again."); // an act may lead into a field: what is typed ahead is meant for that
  run(KEYS[event.key][0]);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && store.state) run(button.dataset.act);
});
// A click on a button must not lose the words that are selected on the page.
document.addEventListener("mousedown", (event) => { if (event.target.closest("[data-act]")) event.preventDefault(); });

/** Do an act; the page is busy until it is done, and acts that were asked for meanwhile follow it. */
function run(name) {
  if (document.body.dataset.busy === "yes" && DECIDES.has(name)) return say("The one before is still being written. Look at this one, then press again.");
  document.body.dataset.busy = "yes";
  busy = busy.then(() => doing(name)).catch((error) => alarm(`The page broke: ${error.message}. What is on disk is safe; reload it.`));
  const mine = busy;
  busy.finally(() => { if (busy === mine) document.body.dataset.busy = "no"; });
}

let busy = Promise.resolve();

function doing(name) {
  const [first, way] = name.split(":");
  if (!["help", "checks", "order"].includes(first)) alarm("");
  if (first === "step" && source.stretchSelection(way)) return say(getSelection().toString());
  if (first === "step") return perform("step", { key: here().key, way }, "The quote has changed.");
  return ACTS[first]();
}

function leave() {
  if (!store.pending.size) return;
  for (const [key, cells] of store.pending) send({ act: "edit", key, cells, seen: store.state.version }, true).catch(() => {});
}
window.addEventListener("pagehide", leave);

async function hear(event) {
  if (event.checks && store.state) { store.state.checks = event.checks; tally(); panel.patch(here()); }
  if (event.version && store.state && event.version !== store.state.version) {
    const state = await get("api/state").catch(() => null);
    if (!state || state.version === store.state.version) return;
    if (store.pending.size) return; // what is being typed meets the other version when it is saved
    take(state);
    say("The files were changed by another tab or program; this is what stands there now.");
  }
}

async function start() {
  store.doc = await get("api/document");
  const flat = (node) => (typeof node === "string" ? node : node.inside.map(flat).join(""));
  text.push(...store.doc.blocks.map((block) => block.lines.map((cells) => cells.map((cell) => cell.map(flat).join("")).join("")).join("") + block.after).join(""));
  one("#title").textContent = store.doc.title;
  one("#which").textContent = `${store.doc.document} · ${store.doc.reading} reading`;
  document.title = `Review ${store.doc.document}`;
  source.build(store.doc.blocks, go);
  store.at = decodeURIComponent(location.hash.slice(1));
  take(await get("api/state"));
  draw(true);
  one("#order").addEventListener("change", (event) => { store.order = event.target.value; draw(); });
  restore();
  if (store.pending.size) await flush();
  listen(hear, () => { if (store.state) lost(); }, () => { if (one("#alarm").textContent.startsWith("The review has ended")) { alarm(""); flush(); } });
  document.body.dataset.ready = "yes";
}

start();
