/**
 * Builds the widget into static/widget/: the loader, the hashed core, and the manifest that points from one to the
 * other. The version is a hash of the sources, so a build outside a repository has one too, and the same sources
 * always make the same files. Fails when a size is over its budget.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../../../static/widget");
const BUDGET = { loader: 2_000, total: 25_000 };

const minifiedCss = {
  name: "minified-css",
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim(), loader: "text" };
    });
  },
};
const TARGET = ["chrome111", "edge111", "firefox113", "safari16.4"];
const COMMON = { bundle: true, minify: true, target: TARGET, write: false, legalComments: "none", plugins: [minifiedCss] };

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sourceVersion() {
  const files = [...(await filesBelow(join(HERE, "src"))), join(HERE, "build.mjs"), join(HERE, "package-lock.json")].sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(relative(HERE, file)).update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

async function bundleLoader() {
  const result = await build({ ...COMMON, entryPoints: [join(HERE, "src/loader/loader.ts")], format: "iife" });
  return Buffer.from(result.outputFiles[0].contents);
}

/** The core and its chunks, named by content. A chunk is "first" when the core imports it statically. */
async function bundleCore() {
  const outdir = join(OUT, "js");
  const result = await build({
    ...COMMON,
    entryPoints: { "scheduler-core": join(HERE, "src/app/main.tsx") },
    entryNames: "[name].[hash]",
    chunkNames: "scheduler-[name].[hash]",
    outdir,
    absWorkingDir: HERE,
    format: "esm",
    splitting: true,
    metafile: true,
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const outputs = Object.entries(result.metafile.outputs);
  const [corePath, core] = outputs.find(([, output]) => output.entryPoint?.endsWith("src/app/main.tsx"));
  const statics = core.imports.filter((used) => used.kind === "import-statement").map((used) => used.path);
  const first = new Set([corePath, ...statics].map((path) => basename(path)));
  return result.outputFiles.map((file) => {
    const name = basename(file.path);
    return { name, contents: Buffer.from(file.contents), first: first.has(name), entry: name === basename(corePath) };
  });
}

/**
 * Bundles of their own, so that they cost the widget nothing; the manifest names each by its key. The pages fetch another
 * language as the widget does; the back office's are whole.
 */
const APART = {
  pages: { source: "src/pages/main.tsx", splitting: true },
  preview: { source: "src/preview/main.ts", splitting: false },
  brand: { source: "src/preview/brand.main.ts", splitting: false },
};

async function bundleApart(name, { source, splitting }) {
  const result = await build({
    ...COMMON,
    entryPoints: { [`scheduler-${name}`]: join(HERE, source) },
    entryNames: "[name].[hash]",
    chunkNames: "scheduler-[name].[hash]",
    outdir: join(OUT, "js"),
    absWorkingDir: HERE,
    format: "esm",
    splitting,
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const made = result.outputFiles.map((file) => ({ name: basename(file.path), contents: Buffer.from(file.contents) }));
  const entry = made.find((file) => file.name.startsWith(`scheduler-${name}.`));
  return { entry, chunks: made.filter((file) => file !== entry) };
}

function buildTime() {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString();
}

const gzip = (contents) => gzipSync(contents, { level: 9 }).length;
const sum = (files) => files.reduce((total, file) => total + gzip(file.contents), 0);

const version = await sourceVersion();
const loader = await bundleLoader();
const files = await bundleCore();
const names = Object.keys(APART);
const apart = await Promise.all(names.map((name) => bundleApart(name, APART[name])));
const byName = (value) => Object.fromEntries(names.map((name, index) => [name, value(apart[index].entry)]));
const path = (file) => `${version}/js/${file.name}`;
/** Another language's first texts come beside the core, and count for those who read it. */
const languages = Object.fromEntries(
  files.flatMap((file) => (/^scheduler-[a-z]{2}\./.test(file.name) ? [[file.name.slice(10, 12), gzip(file.contents)]] : [])),
);
const isTranslation = (file) => /^scheduler-[a-z]{2}[.-]/.test(file.name);
const sizes = {
  loader: gzip(loader),
  core: sum(files.filter((file) => file.first)),
  later: sum(files.filter((file) => !file.first && !isTranslation(file))),
  ...byName((file) => gzip(file.contents)),
};
const toFirstStep = sizes.loader + sizes.core;
const longest = toFirstStep + Math.max(0, ...Object.values(languages));
const manifest = {
  version,
  build_time: buildTime(),
  core: path(files.find((file) => file.entry)),
  preload: files.filter((file) => file.first && !file.entry).map(path),
  ...byName(path),
};
const info = { ...manifest, gzip_bytes: { ...sizes, to_first_step: toFirstStep, languages } };

await rm(OUT, { recursive: true, force: true });
await mkdir(join(OUT, version, "js"), { recursive: true });
for (const file of [...files, ...apart.flatMap(({ entry, chunks }) => [entry, ...chunks])]) await writeFile(join(OUT, path(file)), file.contents);
await writeFile(join(OUT, "build-info.json"), `${JSON.stringify(info, null, 2)}\n`);
await writeFile(join(OUT, "version-manifest.json"), `${JSON.stringify(manifest)}\n`);
await writeFile(join(OUT, "scheduler.js"), loader);

console.log(`version        ${version}`);
console.log(`loader         ${sizes.loader} B gzip (budget ${BUDGET.loader})`);
console.log(`to first step  ${toFirstStep} B gzip (budget ${BUDGET.total})`);
for (const [language, size] of Object.entries(languages)) console.log(`  in ${language}        ${toFirstStep + size} B gzip`);
console.log(`later          ${sizes.later} B gzip, fetched while the first question is answered`);
console.log(`pages          ${sizes.pages} B gzip, behind customers' links`);
console.log(`preview        ${sizes.preview + sizes.brand} B gzip, in the back office`);
if (sizes.loader > BUDGET.loader || longest > BUDGET.total) {
  console.error("Over the size budget.");
  process.exitCode = 1;
}
