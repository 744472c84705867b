// Breaks on purpose: a contract imports another one.
import { b } from '../two/b.ts';

export const a = b;
