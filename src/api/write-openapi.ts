/** Writes openapi/openapi.json; with --check only compares it, and fails when it differs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi.ts';

const FILE = new URL('../../openapi/openapi.json', import.meta.url);

const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
if (!process.argv.includes('--check')) {
  mkdirSync(new URL('.', FILE), { recursive: true });
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('openapi/openapi.json is not what the routes say: run npm run openapi');
  process.exitCode = 1;
}
