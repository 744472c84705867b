// Breaks on purpose: core imports what lies above it, the platform, and makes a cycle.
import { readFileSync } from 'node:fs';
import { below } from '../service/below.ts';

export const upward = (): unknown => [readFileSync, below];
