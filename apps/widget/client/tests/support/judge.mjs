/**
 * Judges graphs for the tests of the other engine: reads a JSON list of `[config, titles]` from standard input, writes
 * what `validate` says of each. The source is bundled first, as Node does not resolve imports as a bundler does.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = await mkdtemp(join(tmpdir(), "judge-"));
try {
  const outfile = join(folder, "validation.mjs");
  const entry = join(import.meta.dirname, "../../src/engine/graphValidation.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "error" });
  const { validate } = await import(pathToFileURL(outfile).href);
  const cases = JSON.parse(await text(process.stdin));
  console.log(JSON.stringify(cases.map(([config, titles]) => validate(config, titles))));
} finally {
  await rm(folder, { recursive: true });
}
