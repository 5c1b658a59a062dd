// Builds the page into the folder given: one script and one style sheet named by their content, and the HTML that names them.
//   node build.mjs OUT
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
  console.error('web: say where to, as in: node build.mjs OUT');
  process.exit(2);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/main.ts'],
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
});

const made = Object.keys(result.metafile.outputs).map((path) => basename(path));
const page = (await readFile(join(here, 'src/index.html'), 'utf8'))
  .replace('main.css', made.find((name) => name.endsWith('.css')))
  .replace('main.js', made.find((name) => name.endsWith('.js')));
await writeFile(join(out, 'index.html'), page);
await writeFile(join(out, 'icon.svg'), await readFile(join(here, 'src/icon.svg')));
