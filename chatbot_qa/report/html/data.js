"use strict";
// What the page knows: the verdicts, and the conversations read from the journal when asked for.

const facts = JSON.parse(document.getElementById("run").textContent);
const UNSEEN = new RegExp(facts.unseen, "gu");

/** The lines of an embedded file. */
function lines(id) {
  return document.getElementById(id).textContent.split("\n").filter((line) => line !== "");
}

/** Text with every character that is unseen or reorders shown by its number. */
function seen(text) {
  return String(text).replace(UNSEEN, (character) => {
    const code = character.codePointAt(0).toString(16);
    if (code.length <= 2) return "\\x" + code.padStart(2, "0");
    return code.length <= 4 ? "\\u" + code.padStart(4, "0") : "\\U" + code.padStart(8, "0");
  });
}

/** An element with a class, attributes by name, and children; texts become text, never markup. */
function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : seen(child));
  }
  return element;
}

function attributes(element, values) {
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  return element;
}

const LONGEST = 20000;

/** A text as a child of an element; of a very long one the beginning, and a button for the rest. */
function cut(text) {
  const whole = String(text);
  if (whole.length <= LONGEST) return whole;
  const end = /[\ud800-\udbff]/.test(whole[LONGEST - 1]) ? LONGEST - 1 : LONGEST;
  const left = (whole.length - end).toLocaleString("en");
  const rest = attributes(make("button", "rest", `Show ${left} more characters`), { type: "button" });
  const shown = make("span", "cut", whole.slice(0, end), rest);
  rest.addEventListener("click", () => shown.replaceChildren(seen(whole)));
  return shown;
}

const RANK = ["failed", "error", "inconclusive", "aside", "passed", "skipped"];
const DECIDES = new Set(["failed", "broken", "unsure"]);

function readCases() {
  const cases = lines("verdicts").map((line) => JSON.parse(line));
  cases.forEach((one, number) => {
    one.number = number;
    one.name = one.row ? `${one.id}[${one.row}]` : one.id;
    one.counted = one.aside && !one.aside.over ? "aside" : one.verdict;
    one.flaky = one.verdict === "passed" && Boolean(one.repeats) && one.repeats.passed > 0 && one.repeats.passed < one.repeats.of;
    one.anchor = encodeURIComponent(`${one.suite}/${one.name}`);
  });
  return cases.sort((a, b) => RANK.indexOf(a.counted) - RANK.indexOf(b.counted) || a.number - b.number);
}

/** Why a case is not passed, in one line. */
function headline(one) {
  const deciding = one.findings.filter((f) => DECIDES.has(f.outcome) && !f.warn_only);
  if (!deciding.length || (one.reason && !deciding.some((f) => f.reason === one.reason))) return one.reason ?? "";
  return (one.reason || deciding[0].reason) + (deciding.length > 1 ? ` (and ${deciding.length - 1} more)` : "");
}

const PASSED_ONCE = "passed this time: `chatbot-qa history quarantine` says when it is healthy";

/** What became of a case that its author set aside and that ran; "" for any other. */
function setAside(one) {
  if (!one.aside) return "";
  const { kind, reason, owner, until, over } = one.aside;
  const what = kind.replaceAll("_", " ");
  if (one.verdict === "passed" && kind === "quarantine" && !over) return PASSED_ONCE;
  if (one.verdict === "passed") return `passes again: remove ${kind}`;
  return over ? `the ${what} was over on ${until}, so it counts (${owner}: ${reason})`
    : `${what} until ${until}, so it does not count (${owner}: ${reason})`;
}

const HEAD = /^\{"event":"(\w+)","key":"([^"\\]*)"/;
let journal = null;

/** The journal's lines by the key of their trial; a trial that began afresh forgets the rest. */
function readJournal() {
  const trials = new Map();
  for (const line of lines("journal")) {
    const head = HEAD.exec(line);
    if (!head) continue;
    if (head[1] === "trial" || !trials.has(head[2])) trials.set(head[2], []);
    trials.get(head[2]).push(line);
  }
  return trials;
}

/** The exchanges of a trial, and the fault that ended it, if one did. */
function transcript(key) {
  journal ??= readJournal();
  const events = (journal.get(key) ?? []).map((line) => JSON.parse(line));
  return {
    exchanges: events.filter((event) => event.event === "exchange"),
    fault: events.find((event) => event.event === "end")?.fault,
  };
}

function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
