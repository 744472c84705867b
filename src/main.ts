#!/usr/bin/env node
/** The `entente` command. The node is loaded by the commands that run one: the others start without database and server. */
import { createProgram, runProgram } from './cli/program.ts';

const load = async () => (await import('./node.ts')).nodeActions;

const program = createProgram({
  init: async (options) => (await load()).init(options),
  start: async (options) => (await load()).start(options),
  fsck: async (options) => (await load()).fsck(options),
  rebuild: async (options) => (await load()).rebuild(options),
});
await runProgram(program, process.argv);
