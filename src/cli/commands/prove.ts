import type { Command } from 'commander';
export function addProveCommand(_program: Command): void {}
