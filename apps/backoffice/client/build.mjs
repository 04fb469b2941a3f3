/**
 * Bundles the editor into static/backoffice/build/: one script, one stylesheet, nothing fetched from elsewhere. Fails
 * where the bundle would need a Content-Security-Policy that allows code made at run time.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../../../static/backoffice/build");

const result = await build({
  entryPoints: { graph: join(HERE, "src/main.tsx") },
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: ["chrome111", "edge111", "firefox113", "safari16.4"],
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "linked",
  outdir: OUT,
  absWorkingDir: HERE,
});

const script = result.outputFiles.find((file) => file.path.endsWith(".js"));
if (/\bnew Function\(|\beval\(/.test(script.text)) {
  console.error("The bundle makes code at run time, which a strict Content-Security-Policy refuses.");
  process.exit(1);
}
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
for (const file of result.outputFiles) {
  await writeFile(join(OUT, basename(file.path)), file.contents);
  console.log(`${basename(file.path).padEnd(20)} ${gzipSync(file.contents).length} B gzip`);
}
