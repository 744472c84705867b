import type { Clock } from '../core/clock.ts';

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };
