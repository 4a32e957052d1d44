// Builds the page: one command, one folder. `node build.mjs OUTPUT` writes what the server serves into OUTPUT, which it empties first.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? join(source, '..', 'wwwroot'));

await rm(output, { recursive: true, force: true });
await build({
  absWorkingDir: source,
  entryPoints: ['app/main.js', 'app/first-paint.js', 'app/demo/main.js', 'styles/page.css', 'styles/demo-page.css'],
  outbase: '.',
  outdir: output,
  chunkNames: 'app/parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
});

// The documents come last: where they are, everything they name is.
await mkdir(output, { recursive: true });
for (const file of ['favicon.svg', 'demo.html', 'index.html']) await copyFile(join(source, file), join(output, file));
