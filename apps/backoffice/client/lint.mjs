/** House rules that the type checker cannot see: no inline styles, no eval, no cookies, no `any`, files stay short. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const MAX_LINES = 400;
const RULES = [
  [/\bstyle="/, "an inline style attribute (a strict CSP refuses it)"],
  [/\beval\(|new Function\(/, "eval"],
  [/document\.cookie/, "a cookie"],
  [/:\s*any\b|<any>|\bas any\b/, "any"],
  [/innerHTML|dangerouslySet/, "innerHTML"],
  [/@ts-(ignore|expect-error)/, "a silenced type error"],
  [/https?:\/\//, "an address of somewhere else"],
];

const entries = await readdir(join(HERE, "src"), { recursive: true, withFileTypes: true });
let found = 0;
const report = (place, text) => {
  console.error(`${place}: ${text}`);
  found += 1;
};
for (const entry of entries.filter((candidate) => /\.tsx?$/.test(candidate.name))) {
  const file = join(entry.parentPath, entry.name);
  const lines = (await readFile(file, "utf8")).split("\n");
  if (lines.length > MAX_LINES) report(relative(HERE, file), `${lines.length} lines`);
  lines.forEach((line, index) => {
    for (const [pattern, name] of RULES) {
      if (pattern.test(line)) report(`${relative(HERE, file)}:${index + 1}`, name);
    }
  });
}
if (found > 0) process.exitCode = 1;
