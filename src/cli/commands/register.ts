import type { Command } from 'commander';
export function addRegisterCommand(_program: Command): void {}
