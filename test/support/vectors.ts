/** The proof vectors: those of an independent implementation, and the mutations. */
import { readFileSync } from 'node:fs';
import type { Vector } from './scene.ts';

const read = (path: string): string => readFileSync(new URL(`../vectors/${path}`, import.meta.url), 'utf8');

/** @see test/vectors/README.md */
export const loadProofVectors = (): Vector[] => JSON.parse(read('proofs.json')) as Vector[];

export const mutationText = (): string => read('mutations/mutations.jsonl');

export const loadMutations = (): Vector[] =>
  mutationText()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
