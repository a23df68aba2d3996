// One opened case: what was found, how to ask again, and the conversations.

const WORDS = {
  failed: "failed", broken: "error", unsure: "inconclusive", passed: "passed",
  skipped: "skipped", not_measured: "not measured", not_reached: "not reached",
};

function outcomeClass(finding) {
  if (finding.warn_only && DECIDES.has(finding.outcome)) return "warning";
  return finding.outcome;
}

function outcomeWord(finding) {
  return outcomeClass(finding) === "warning" ? "warning" : WORDS[finding.outcome];
}

const DEPTH = { "[": 1, "{": 1, "]": -1, "}": -1 };
const QUOTED = /"(?:\\.|[^"\\])*"|'(?:''|[^'])*'/y;

/** Where the piece of YAML at `at` ends: a quoted text where one may begin, or one character. */
function pieceEnd(text, at) {
  QUOTED.lastIndex = at;
  const quoted = (at === 0 || /[\s[{,:]/.test(text[at - 1])) && QUOTED.exec(text);
  return at + (quoted ? quoted[0].length : 1);
}

/** Where the item at `start` ends if brackets or braces are around it; else the line's end. */
function itemEnd(text, start) {
  let depth = 0;
  let at = 0;
  for (; at < start; at = pieceEnd(text, at)) depth = Math.max(0, depth + (DEPTH[text[at]] ?? 0));
  const inside = depth;
  for (; inside && at < text.length; at = pieceEnd(text, at)) {
    if (depth === inside && ",]}".includes(text[at])) return at;
    depth += DEPTH[text[at]] ?? 0;
  }
  return text.length;
}

/** Where what is marked ends: before a comment, and before the next item, as on the console. */
function markEnd(text, start) {
  const comment = text.slice(start).search(/\s+#(?:\s[^'"]*)?$/);
  return Math.min(comment > 0 ? start + comment : text.length, itemEnd(text, start));
}

/** The author's line, its judged part marked. */
function authorsLine(finding) {
  const text = (finding.text ?? "").replace(/\s+$/, "");
  if (!text) return null;
  const start = Array.from(text).slice(0, Math.max(finding.column - 1, 0)).join("").length;
  const end = markEnd(text, start);
  return make("div", "yaml",
    make("span", "number", finding.line),
    make("code", "", text.slice(0, start), make("mark", "", text.slice(start, end)), text.slice(end)));
}

/** The label of a quote that is a request to paste. */
const REQUEST = "again";

function quotes(finding) {
  const said = (finding.quotes ?? []).filter(([label]) => label !== REQUEST);
  if (!said.length) return null;
  const rows = said.map(([label, text]) => [
    make("dt", "", label),
    attributes(make("dd", "", cut(text || "(nothing)")), { dir: "auto" }),
  ]);
  return make("dl", "quotes", rows.flat());
}

/** One finding in full, as the console shows it. */
function findingCard(one, finding) {
  const place = `${finding.file ?? one.file}:${finding.line}:${finding.column}`;
  const head = make("p", "reason",
    make("b", "", finding.check ? `${outcomeWord(finding)}[${finding.check}]` : outcomeWord(finding)),
    ": ", finding.reason);
  return make("li", `finding ${outcomeClass(finding)}`, head,
    make("p", "place", `${place}${finding.turn ? ` · turn ${finding.turn}` : ""}`),
    authorsLine(finding), quotes(finding),
    finding.because ? make("p", "because", `because: ${finding.because}`) : null,
    (finding.quotes ?? []).filter(([label]) => label === REQUEST).map(([, text]) => copyable("request", text)));
}

/** A finding at its turn, in one line. */
function findingLine(finding) {
  const score = finding.score === undefined ? "" : ` · score ${Number(finding.score.toFixed(3))}`;
  return make("li", `chip ${outcomeClass(finding)}`,
    make("b", "", finding.check ? `${outcomeWord(finding)} ${finding.check}` : outcomeWord(finding)),
    ` ${finding.reason}${score}`);
}

function chips(findings) {
  return findings.length ? make("ul", "chips", findings.map(findingLine)) : null;
}

function bubble(name, who, body, note) {
  const said = attributes(make("div", "text", cut(body)), { dir: "auto" });
  return make("div", `bubble ${name}`, make("div", "who", who, note ? make("span", "note", note) : null), said);
}

function measured(exchange) {
  const parts = [duration(exchange.seconds)];
  const reply = exchange.reply ?? {};
  if (reply.first_token !== undefined) parts.push(`first token ${duration(reply.first_token)}`);
  if (reply.usage) parts.push(`${reply.usage[0]} + ${reply.usage[1]} tokens`);
  if (reply.cost) parts.push(`${reply.cost[0]} ${reply.cost[1]}`);
  if (exchange.attempts > 1) parts.push(`${exchange.attempts} attempts`);
  return parts.join(" · ");
}

/** What the user sent, in words. */
function sent({ text, click, files, opens, call }) {
  if (call) return `(a request: ${call.method ?? "POST"} ${address(call.url ?? "")})`;
  if (opens) return "(says nothing: the bot speaks first)";
  const said = click ? `[${click}]` : text ?? "";
  const names = (files ?? []).map((file) => file.split(/[\\/]/).at(-1)).join(", ");
  return names ? `${said} (with ${names})`.trimStart() : said;
}

const LONGEST_ADDRESS = 200;

/** An address as text, cut short where it is one of those that hold all they lead to. */
function address(url) {
  const more = url.length - LONGEST_ADDRESS;
  return more > 0 ? `${url.slice(0, LONGEST_ADDRESS)}…(${more} more characters)` : url;
}

function buttonRow(labels) {
  return labels?.length ? make("div", "buttons", labels.map((label) => make("span", "", label))) : null;
}

/** A card as a box; its link and picture are told and never loaded. */
function cardBox(card) {
  const beside = [card.text && cut(card.text), card.url && address(card.url), card.image && `image ${address(card.image)}`];
  return make("div", "card-box", make("b", "", cut(card.title || "(a card without a title)")),
    beside.map((part) => (part ? make("div", "", part) : null)), buttonRow(card.buttons));
}

function mediaLine({ kind, name, url }) {
  return make("div", "aside", `${kind || "file"}: ${[name, url && address(url)].filter(Boolean).join(" ")}`);
}

/** The tool calls of a reply, folded away: what was called, with what, and what came of it. */
function callBlock({ name, arguments: given, result }) {
  const told = { arguments: given, result };
  return make("details", "data", make("summary", "", `called ${name}`), make("pre", "", cut(JSON.stringify(told, null, 2))));
}

/** The author's number of the turn of an exchange; 0 for a request beside the dialogue. */
function turnOf(exchange, index) {
  return exchange.say.call ? 0 : exchange.say.turn ?? index + 1;
}

function exchangeBlock(exchange, turn, findings) {
  const { to: session, call } = exchange.say;
  const to = call ? "answer" : session;
  const block = make("li", "exchange");
  const who = call ? "request" : to ? `user to ${to}` : "user";
  block.append(bubble("user", who, sent(exchange.say), turn ? `turn ${turn}` : ""));
  const calls = exchange.reply?.calls ?? [];
  block.append(...calls.map(callBlock));
  const messages = exchange.reply?.messages ?? (exchange.reply ? [exchange.reply] : []);
  messages.forEach((message, index) => {
    const beside = [...(message.cards ?? []).map(cardBox), ...(message.media ?? []).map(mediaLine), buttonRow(message.buttons)];
    const empty = beside.some(Boolean) ? "" : "(an empty message)";
    const shown = bubble("bot", to ?? "bot", message.text || empty, index ? "" : measured(exchange));
    shown.append(...beside.filter(Boolean));
    block.append(shown);
  });
  if (!messages.length && !calls.length && !exchange.fault) block.append(bubble("bot empty", to ?? "bot", "(no message came)", measured(exchange)));
  if (exchange.reply?.data) {
    block.append(make("details", "data", make("summary", "", "data"), make("pre", "", cut(JSON.stringify(exchange.reply.data, null, 2)))));
  }
  if (exchange.fault) block.append(faultBlock(exchange.fault));
  const found = chips(findings);
  if (found) block.append(found);
  return block;
}

function faultBlock(fault) {
  return make("div", "fault", make("b", "", `error[${fault.kind}]`), ": ", cut(fault.message),
    fault.again ? copyable("request", fault.again) : null);
}

/** A command with a button that copies it. */
function copyable(name, command) {
  const code = make("code", "", command);
  const button = attributes(make("button", "copy", "Copy"), { type: "button", "aria-label": `Copy the ${name} command` });
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(code);
    if (navigator.clipboard) await navigator.clipboard.writeText(command);
    else document.execCommand("copy");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return make("p", "command", make("span", "name", name), code, button);
}

/** Whether a finding is about a conversation of the case, by its number from 1. */
function isAbout(finding, number, many) {
  return finding.trial ? finding.trial === number : many === 1;
}

/** What a conversation came to, where its kind of case says so. */
function resultOf(one, number) {
  const [outcome, told] = one.results?.[number - 1] ?? [];
  return told ? make("span", `result ${outcome}`, told) : null;
}

function conversation(one, key, number, many) {
  const { exchanges, fault } = transcript(key);
  const title = many > 1 ? `Conversation ${number} of ${many}` : "Conversation";
  const section = make("section", "conversation", make("h4", "", title, resultOf(one, number)));
  if (!exchanges.length) section.append(make("p", "quiet", "Nothing was said."));
  const turns = make("ol", "exchanges");
  exchanges.forEach((exchange, index) => {
    const turn = turnOf(exchange, index);
    const about = one.findings.filter((f) => turn && f.turn === turn && isAbout(f, number, many));
    turns.append(exchangeBlock(exchange, turn, about));
  });
  section.append(turns);
  const told = exchanges.at(-1)?.fault;
  if (fault && JSON.stringify(fault) !== JSON.stringify(told)) section.append(faultBlock(fault));
  return section;
}

const OPEN = 3;

/** Many conversations: those that findings are about, and the rest folded, read when unfolded. */
function conversations(one) {
  const many = one.trials.length;
  const about = new Set(one.findings.map((finding) => finding.trial).filter(Boolean));
  const opened = new Set([...about].slice(0, OPEN));
  return one.trials.map((key, index) => {
    const number = index + 1;
    if (many <= OPEN || opened.has(number)) return conversation(one, key, number, many);
    const folded = make("details", "folded", make("summary", "", `Conversation ${number} of ${many}`, resultOf(one, number)));
    folded.addEventListener("toggle", () => {
      if (folded.open && folded.childElementCount === 1) folded.append(conversation(one, key, number, many));
    });
    return folded;
  });
}

/** How often a check is right, as it was measured: the same words as in ``Known``. */
function knownOf({ finds, hits, false_alarms: alarms, misses, on }) {
  const percent = (part, whole) => `${Math.round((part / whole) * 100)}%`;
  const told = [];
  if (hits + alarms) told.push(`is right in ${percent(hits, hits + alarms)} of what it reads as ${finds}`);
  if (hits + misses) told.push(`finds ${percent(hits, hits + misses)} of what is ${finds}`);
  return `${told.join(", and ") || `never met what is ${finds}`} (measured on ${on})`;
}

function links(one) {
  return (one.links ?? []).map((link) => !/^https?:\/\//i.test(link.url)
    ? make("span", "", `${link.kind} ${link.name || link.url}`)
    : attributes(make("a", "", link.name || link.url), { href: link.url, rel: "noopener noreferrer", target: "_blank" }));
}

function details(one) {
  const told = [
    ["case", one.name], ["suite", one.suite], ["kind", one.kind], ["written in", `${one.file}:${one.line}`],
    ["topic", one.topic], ["owner", one.owner], ["severity", one.severity],
    ["turns", one.turns ? `${one.reached} of ${one.turns} reached` : ""],
    ["repeats", one.repeats ? `${one.repeats.passed} of ${one.repeats.of} passed${one.flaky ? ", flaky" : ""}` : ""],
    ...(one.known ?? []).map((known) => [known.check, knownOf(known)]),
    ["checks not reached", one.findings.filter((f) => f.outcome === "not_reached").length],
    ...Object.entries(one.parameters ?? {}),
  ];
  const rows = told.filter(([, value]) => value).map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "", value)));
  const linked = links(one);
  if (linked.length) rows.push(make("div", "", make("dt", "", "links"), make("dd", "links", linked)));
  const here = attributes(make("a", "", "link to this case"), { href: `#${one.anchor}` });
  return make("dl", "details", rows, make("div", "", make("dt", "", "here"), make("dd", "", here)));
}

/** Everything about a case, made when it is opened for the first time. */
function casePanel(one) {
  const panel = document.createDocumentFragment();
  const important = one.findings.filter((finding) => DECIDES.has(finding.outcome));
  important.sort((a, b) => Number(Boolean(a.warn_only)) - Number(Boolean(b.warn_only)));
  const own = one.verdict !== "passed" && !important.some((finding) => finding.reason === one.reason);
  if (own && one.reason) panel.append(make("p", "reason", one.reason));
  if (one.aside) {
    const told = setAside(one);
    panel.append(make("p", "reason", one.aside.over ? told[0].toUpperCase() + told.slice(1) : `Set aside: ${told}`));
  }
  if (important.length) panel.append(make("ul", "findings", important.map((f) => findingCard(one, f))));
  if (one.again) panel.append(copyable("again", one.again));
  panel.append(details(one));
  panel.append(...(one.exhibits ?? []).map(exhibitBlock), ...conversations(one));
  const many = one.trials.length;
  const whole = one.findings.filter((finding) => !finding.turn || (many > 1 && !finding.trial));
  if (whole.length) panel.append(make("h4", "", many > 1 ? "All conversations together" : "The conversation as a whole"), chips(whole));
  const said = many === 1 ? new Set(transcript(one.trials[0]).exchanges.map(turnOf)) : null;
  const missed = one.findings.filter((finding) => finding.turn && (said ? !said.has(finding.turn) : !many));
  if (missed.length) panel.append(make("h4", "", "Not reached"), chips(missed));
  return panel;
}
