// The list of cases: filters, paging, keys.

const PAGE = 200;
const cases = readCases();
const state = { verdicts: new Set(), suite: "", tag: "", owner: "", words: [], limit: PAGE };
const byId = (id) => document.getElementById(id);
const list = byId("cases");

function haystack(one) {
  one.hay ??= [one.name, one.title, one.suite, one.owner, one.reason, one.kind, one.flaky ? "flaky" : "", ...(one.tags ?? []),
    ...one.findings.flatMap((f) => [f.check, f.outcome, f.reason])].join("\n").toLowerCase();
  return one.hay;
}

function matches(one) {
  return (!state.verdicts.size || state.verdicts.has(one.counted))
    && (!state.suite || one.suite === state.suite)
    && (!state.tag || (one.tags ?? []).includes(state.tag))
    && (!state.owner || one.owner === state.owner)
    && state.words.every((word) => haystack(one).includes(word));
}

function row(one) {
  const panelId = `case-${one.number}`;
  const why = one.verdict === "passed" ? "" : headline(one);
  const warned = one.verdict === "passed" && one.findings.some((f) => outcomeClass(f) === "warning");
  const meta = make("span", "meta",
    make("span", "suite", one.suite),
    (one.tags ?? []).map((tag) => make("span", "tag", tag)),
    one.severity ? make("span", "severity", one.severity) : null,
    one.owner ? make("span", "owner", one.owner) : null,
    one.flaky ? make("span", "tag warns", "flaky") : null,
    warned ? make("span", "tag warns", "warning") : null,
    one.aside ? make("span", "tag warns", one.verdict === "passed" && setAside(one) !== PASSED_ONCE ? "passes again" : one.aside.kind.replaceAll("_", " ")) : null,
    one.seconds ? make("span", "seconds", duration(one.seconds)) : null);
  const button = attributes(make("button", "row",
    attributes(make("span", "mark", facts.marks[one.counted]), { "aria-hidden": "true" }),
    make("span", "names",
      make("span", "hear", `${one.counted === "aside" ? "set aside, " : ""}${one.verdict}: `),
      make("span", "title", one.title || one.name),
      one.title ? make("span", "id", one.name) : null,
      why ? make("span", "why", why) : null),
    meta), { type: "button", "aria-expanded": "false", "aria-controls": panelId });
  const panel = attributes(make("div", "panel"), { id: panelId, hidden: "", role: "region", "aria-label": `${one.name} in full` });
  button.addEventListener("click", () => toggle(one, button, panel));
  const item = make("li", `case ${one.counted}`, make("h3", "", button), panel);
  item.dataset.number = one.number;
  return item;
}

function toggle(one, button, panel) {
  const open = panel.hidden;
  if (open && !panel.hasChildNodes()) panel.append(casePanel(one));
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

function show() {
  const found = cases.filter(matches);
  list.replaceChildren(...found.slice(0, state.limit).map(row));
  const left = found.length - state.limit;
  byId("more").hidden = left <= 0;
  byId("more").textContent = `Show ${Math.min(left, PAGE)} more`;
  const of = cases.length === found.length ? "" : ` of ${cases.length.toLocaleString("en")}`;
  byId("shown").textContent = found.length
    ? `${found.length.toLocaleString("en")}${of} ${cases.length === 1 ? "case" : "cases"}, what did not pass first`
    : "No case fits these filters.";
}

function refilter(change) {
  Object.assign(state, change, { limit: PAGE });
  show();
}

function fill(id, values) {
  const select = byId(id);
  for (const value of [...new Set(values)].filter(Boolean).sort()) {
    select.append(attributes(make("option", "", value), { value }));
  }
  select.addEventListener("change", () => refilter({ [id]: select.value }));
}

function clear() {
  for (const id of ["words", "suite", "tag", "owner"]) byId(id).value = "";
  for (const button of document.querySelectorAll(".count")) button.setAttribute("aria-pressed", "false");
  state.verdicts.clear();
  refilter({ suite: "", tag: "", owner: "", words: [] });
}

/** Open the case that the address names. */
function openNamed() {
  const number = cases.findIndex((one) => `#${one.anchor}` === location.hash);
  if (number < 0) return false;
  clear();
  state.limit = Math.max(PAGE, number + 1);
  show();
  const item = list.children[number];
  openItem(item).focus({ preventScroll: true });
  item.scrollIntoView();
  return true;
}

function openItem(item) {
  const button = item.querySelector("button.row");
  if (button.getAttribute("aria-expanded") === "false") button.click();
  return button;
}

function move(step) {
  const buttons = [...list.querySelectorAll("button.row")];
  const item = document.activeElement.closest?.(".case");
  const now = item ? buttons.indexOf(item.querySelector("button.row")) : -step;
  buttons[Math.min(Math.max(now + step, 0), buttons.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select");
  if (event.key === "Escape") clear();
  else if (typing) return;
  else if (event.key === "/") { event.preventDefault(); byId("words").focus(); }
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
});

for (const button of document.querySelectorAll(".count")) {
  button.addEventListener("click", () => {
    const verdict = button.dataset.verdict;
    const chosen = !state.verdicts.delete(verdict);
    if (chosen) state.verdicts.add(verdict);
    button.setAttribute("aria-pressed", String(chosen));
    refilter({});
  });
}

byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
byId("words").addEventListener("input", (event) => {
  refilter({ words: event.target.value.toLowerCase().split(/\s+/).filter(Boolean) });
});
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", clear);
byId("more").addEventListener("click", () => { state.limit += PAGE; show(); });
addEventListener("hashchange", openNamed);

fill("suite", cases.map((one) => one.suite));
fill("tag", cases.flatMap((one) => one.tags ?? []));
fill("owner", cases.map((one) => one.owner));
byId("theme").hidden = false;
byId("app").hidden = false;
show();
if (!openNamed() && cases.length && !["aside", "passed", "skipped"].includes(cases[0].counted)) openItem(list.firstElementChild);
