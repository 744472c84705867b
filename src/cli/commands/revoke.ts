import type { Command } from 'commander';
export function addRevokeCommand(_program: Command): void {}
