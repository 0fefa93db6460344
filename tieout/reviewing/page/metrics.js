// The search for a metric: a combobox over code, name, definition and wordings, as the ARIA pattern has it.

import { h } from "./dom.js";

const MOST = 40;

/** A combobox for the metrics; `took` gets the code of the one that was chosen. */
export function combobox(metrics, took) {
  const known = metrics.map((metric) => ({
    ...metric,
    heap: [metric.metric, metric.label, metric.definition, metric.wordings, metric.unit_label].join(" ").toLowerCase(),
    name: `${metric.label} ${metric.metric}`.toLowerCase(),
  }));
  const list = h("ul", { role: "listbox", id: "metrics", "aria-label": "Metrics", hidden: true });
  const field = h("input", {
    id: "field-metric",
    "data-name": "metric",
    role: "combobox",
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "false",
    "aria-controls": "metrics",
    "aria-autocomplete": "list",
    placeholder: "Search by name, definition or wording",
  });
  let shown = [];
  let at = -1;
  let code = "";

  const name = (metric) => known.find((one) => one.metric === metric)?.label ?? metric;
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const take = (metric) => {
    code = metric.metric;
    field.value = metric.label;
    close();
    took(code);
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const option = list.children[at];
    if (!option) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const open = (words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    shown = known.filter((metric) => wanted.every((word) => metric.heap.includes(word)));
    const score = (metric) => wanted.filter((word) => metric.name.includes(word)).length;
    shown = shown.map((metric, index) => [metric, index]).sort((a, b) => score(b[0]) - score(a[0]) || a[1] - b[1]).map(([metric]) => metric).slice(0, MOST);
    list.replaceChildren(...shown.map((metric, index) => option(metric, index, take)));
    if (!shown.length) list.replaceChildren(h("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No metric has these words."));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(shown.length && wanted.length ? 0 : -1);
  };

  field.addEventListener("input", () => open(field.value));
  field.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) mark(at < 0 ? (step > 0 ? 0 : shown.length - 1) : (at + step + shown.length) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && shown[at]) take(shown[at]);
      else if (!isOpen) open("");
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      field.value = name(code);
      close();
    }
  });
  field.addEventListener("focus", () => field.select());
  field.addEventListener("blur", () => {
    if (field.value.trim() === "" && code) {
      code = "";
      took("");
    } else field.value = name(code);
    close();
  });
  return {
    field,
    list,
    fill(metric) {
      code = metric;
      if (document.activeElement !== field) field.value = name(metric);
    },
  };
}

function option(metric, index, take) {
  const made = h(
    "li",
    { role: "option", id: `metric-${index}`, "aria-selected": "false" },
    h("strong", {}, metric.label),
    h("span", { class: "unit" }, metric.unit_label),
    h("span", { class: "defined" }, metric.definition),
    metric.never.length ? h("span", { class: "defined" }, `Not with: ${metric.never.map(([label]) => label).join(", ")}.`) : null,
  );
  made.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(metric);
  });
  return made;
}
