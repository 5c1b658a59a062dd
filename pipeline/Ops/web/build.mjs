// Builds the page into the folder given: a script, a shared worker and a style sheet whose names contain a hash of their content, and
// the HTML that refers to them.
//   node build.mjs OUT
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
  console.error('web: the output folder is missing. Usage: node build.mjs OUT');
  process.exit(2);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: 'linked',
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'linked',
  entryNames: '[name]-[hash]',
  outdir: out,
  metafile: true,
  logLevel: 'warning',
};
const outputNames = ({ metafile }) => Object.keys(metafile.outputs).map((path) => basename(path));
const script = (names) => names.find((name) => name.endsWith('.js'));

// The worker's name contains a hash too, so tabs of two versions of the page do not share a worker.
const worker = script(outputNames(await build({ ...common, entryPoints: ['src/live/worker.ts'] })));
const page = outputNames(await build({ ...common, entryPoints: ['src/main.ts'], define: { liveWorker: JSON.stringify(`/assets/${worker}`) } }));
const html = (await readFile(join(here, 'src/index.html'), 'utf8'))
  .replace('main.css', page.find((name) => name.endsWith('.css')))
  .replace('main.js', script(page));
await writeFile(join(out, 'index.html'), html);
await writeFile(join(out, 'icon.svg'), await readFile(join(here, 'src/icon.svg')));
