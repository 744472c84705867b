/** Writes `mutations.jsonl` beside this file: `node test/vectors/mutations/make.ts`. Every run writes the same bytes. */
import { writeFileSync } from 'node:fs';
import { makeMutations } from '../../support/mutations.ts';

export const mutationLines = (): string =>
  makeMutations()
    .map((vector) => `${JSON.stringify(vector)}\n`)
    .join('');

if (import.meta.main) writeFileSync(new URL('mutations.jsonl', import.meta.url), mutationLines());
