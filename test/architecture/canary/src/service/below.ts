// Breaks on purpose: the other half of the cycle, and a reader of the configuration.
import { config } from '../config.ts';
import { upward } from '../core/upward.ts';

export const below = (): unknown => [config, upward];
