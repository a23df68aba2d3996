// Exhibits of a case: curves and rates drawn, replies grouped by what they say.

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with its attributes and children; texts become text. */
function draw(tag, values, ...children) {
  const element = attributes(document.createElementNS(SVG, tag), values);
  element.append(...children.flat().map((child) => (child instanceof Node ? child : seen(child))));
  return element;
}

function percent(share) {
  return `${Math.round(share * 100)}%`;
}

const Z2 = 1.959963984540054 ** 2;

/** Its interval; where all or none of plain samples passed, the exact one-sided 95% bound. */
function bounds(rate) {
  const all = rate.passed === rate.of;
  if (rate.of && !rate.open && (all || !rate.passed)) {
    const wilson = Z2 / (rate.of + Z2);
    const plain = all ? [1 - wilson, 1] : [0, wilson];
    if (Math.abs(plain[0] - rate.low) + Math.abs(plain[1] - rate.high) < 1e-6) {
      const bound = 100 * 0.05 ** (1 / rate.of);
      return all ? `at least ${bound.toFixed(1)}%` : `at most ${(100 - bound).toFixed(1)}%`;
    }
  }
  return `${percent(rate.low)} to ${percent(rate.high)}`;
}

function shareOf(rate) {
  const open = rate.open ? `, ${rate.open} undecided` : "";
  const share = rate.of ? rate.passed / rate.of : 0;
  const told = `${rate.passed} of ${rate.of}${open}, ${percent(share)} (${bounds(rate)})`;
  const found = rate.corrected;
  return found ? `${told}; corrected ${percent(found.share)} (${percent(found.low)} to ${percent(found.high)})` : told;
}

const BOX = { width: 720, height: 320, left: 56, right: 24, top: 20, bottom: 56 };

function heightOf(share) {
  return BOX.top + (1 - share) * (BOX.height - BOX.top - BOX.bottom);
}

/** Where each rate stands from left to right: by the logarithm, as distances double. */
function places(rates) {
  const scaled = rates.map((rate) => Math.log1p(Math.max(rate.at, 0)));
  const low = Math.min(...scaled);
  const span = Math.max(...scaled) - low;
  const room = BOX.width - BOX.left - BOX.right - 32;
  return scaled.map((one) => BOX.left + 16 + room * (span ? (one - low) / span : 0.5));
}

function curveFigure(curve) {
  const right = BOX.width - BOX.right;
  const picture = draw("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": curve.title, class: "curve" });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const y = heightOf(share);
    picture.append(draw("path", { d: `M${BOX.left} ${y}H${right}`, class: "grid" }),
      draw("text", { x: BOX.left - 8, y: y + 4, "text-anchor": "end" }, percent(share)));
  }
  picture.append(draw("text", { x: (BOX.left + right) / 2, y: BOX.height - 10, "text-anchor": "middle" }, curve.axis));
  if (curve.wanted !== null) {
    const y = heightOf(curve.wanted);
    picture.append(draw("path", { d: `M${BOX.left} ${y}H${right}`, class: "wanted" }),
      draw("text", { x: right, y: y - 6, "text-anchor": "end", class: "bad" }, `${percent(curve.wanted)} asked for`));
  }
  const at = places(curve.rates);
  const point = (index, share) => `${at[index].toFixed(1)},${heightOf(share).toFixed(1)}`;
  const upper = curve.rates.map((rate, index) => point(index, rate.high));
  const lower = curve.rates.map((rate, index) => point(index, rate.low)).reverse();
  const shares = curve.rates.map((rate) => (rate.of ? rate.passed / rate.of : 0));
  picture.append(draw("polygon", { points: [...upper, ...lower].join(" "), class: "band" }),
    draw("polyline", { points: shares.map((share, index) => point(index, share)).join(" "), class: "line" }));
  curve.rates.forEach((rate, index) => {
    const short = curve.wanted !== null && rate.high < curve.wanted;
    picture.append(
      draw("circle", { cx: at[index], cy: heightOf(shares[index]), r: 5, class: short ? "dot bad" : "dot" },
        draw("title", {}, `${rate.label}: ${shareOf(rate)}`)),
      draw("text", { x: at[index], y: BOX.height - BOX.bottom + 18, "text-anchor": "middle" }, rate.label));
  });
  return picture;
}

/** The rates as a table, for those who read numbers, and for screen readers. */
function ratesTable(rates, heads) {
  const rows = rates.map((rate) => {
    const bar = attributes(make("meter", ""), { min: 0, max: 1, value: rate.of ? rate.passed / rate.of : 0 });
    return make("tr", "", make("th", "", rate.label), make("td", "", bar), make("td", "", shareOf(rate)));
  });
  const head = make("tr", "", heads.map((one) => make("th", "", one)));
  return make("table", "rates", make("thead", "", head), make("tbody", "", rows));
}

/** A reply, the words marked that tell it from the largest group. */
function reading({ asked, said, marks }) {
  if (said.length > LONGEST) return replied(cut(said), asked);
  const parts = [];
  let at = 0;
  for (const [start, end] of marks ?? []) {
    if (start < at) continue;
    const letters = Array.from(said);
    parts.push(letters.slice(at, start).join(""), make("mark", "", letters.slice(start, end).join("")));
    at = end;
  }
  parts.push(Array.from(said).slice(at).join(""));
  return replied(parts, asked);
}

function replied(said, asked) {
  return make("li", "", attributes(make("div", "said", said), { dir: "auto" }), make("div", "asked", "asked: ", cut(asked)));
}

function groupsList(exhibit) {
  const groups = exhibit.groups.map((group, index) => make("li", index ? "odd failed" : "main passed",
    make("p", "head", make("b", "", `${group.count}×`), index && group.why ? ` ${group.why}` : ` ${group.label}`),
    make("ul", "", group.readings.map(reading))));
  if (exhibit.undecided.length) {
    groups.push(make("li", "undecided unsure", make("p", "head", make("b", "", "undecided")),
      make("ul", "", exhibit.undecided.map(reading))));
  }
  return make("ul", "groups", groups);
}

const MOST_COLUMNS = 30;

/** How often each true label was given which, the cells darker the more of their row they have. */
function matrixTable({ true: labels, given, counts }) {
  const head = make("tr", "", [make("th", "", ""), ...given.map((one) => make("th", "aslant", one))]);
  const rows = labels.map((label, row) => {
    const all = counts[row].reduce((sum, count) => sum + count, 0);
    return make("tr", "", [make("th", "", label), ...counts[row].map((count, column) => {
      const tenths = all ? Math.round((10 * count) / all) : 0;
      const kind = given[column] === label ? "right" : "wrong";
      return make("td", `${kind} part${tenths}`, String(count));
    })]);
  });
  return make("table", "matrix", make("thead", "", head), make("tbody", "", rows));
}

function cellsTable(heads, rows) {
  const line = (tag, cells) => make("tr", "", cells.map((cell) => attributes(make(tag, "", cell), { dir: "auto" })));
  return make("table", "cells", make("thead", "", line("th", heads)), make("tbody", "", rows.map((row) => line("td", row))));
}

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\n]/;
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?%?$/;

/** A cell of CSV that no spreadsheet takes for a formula. */
function csvCell(cell) {
  const text = seen(cell);
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** A link that hands over all rows as a CSV file. */
function csvLink(title, lines) {
  const text = lines.map((line) => line.map(csvCell).join(",")).join("\r\n");
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${text}\r\n`)}`;
  const file = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.csv`;
  return make("p", "quiet", attributes(make("a", "", "all rows as CSV"), { href, download: file }));
}

/** A matrix or a table: what is shown of it, and a file of all. */
function tableBlock(exhibit) {
  if (exhibit.shows === "matrix") {
    const lines = [["true / given", ...exhibit.given], ...exhibit.true.map((label, row) => [label, ...exhibit.counts[row].map(String)])];
    const wide = exhibit.given.length > MOST_COLUMNS;
    return [wide ? make("p", "quiet", "too wide to be shown here") : matrixTable(exhibit), csvLink(exhibit.title, lines)];
  }
  const more = exhibit.rows.length - exhibit.shown;
  return [cellsTable(exhibit.heads, exhibit.rows.slice(0, exhibit.shown)),
    more > 0 ? make("p", "quiet", `and ${more} more rows`) : "", csvLink(exhibit.title, [exhibit.heads, ...exhibit.rows])];
}

/** One exhibit with its title and notes. */
function exhibitBlock(exhibit) {
  if (exhibit.shows === "listing") {
    return make("section", "exhibit", make("h4", "", exhibit.title), make("pre", "", cut(exhibit.text)));
  }
  const body = exhibit.shows === "groups" ? [make("p", "quiet", `${exhibit.agreement.label}: ${shareOf(exhibit.agreement)}`), groupsList(exhibit)]
    : exhibit.shows === "matrix" || exhibit.shows === "table" ? tableBlock(exhibit)
    : exhibit.shows === "curve" ? [curveFigure(exhibit), ratesTable(exhibit.rates, [exhibit.axis, "", "right, with 95% intervals"])]
      : [ratesTable(exhibit.rates, ["", "", "with 95% intervals"])];
  return make("section", "exhibit", make("h4", "", exhibit.title), body, exhibit.notes.map((note) => make("p", "note", note)));
}
