/** Commands that run a node. What they do is handed in. */
import type { Command } from 'commander';
import type { DatabaseOptions, FsckOptions, InitOptions, NodeActions, StartOptions } from '../node-actions.ts';
import { jsonOption, parsePort } from '../options.ts';

const DATA = ['--data <folder>', "the node's folder (default: ENTENTE_DATA or .entente/node)"] as const;
const DATABASE = [
  '--database <url>',
  "postgres:// URL (default: ENTENTE_DATABASE_URL, or the database embedded in the node's folder)",
] as const;

export function addNodeCommands(program: Command, node: NodeActions): void {
  program
    .command('init')
    .description('make a new ledger with one member: genesis document, keys and policy')
    .option(...DATA)
    .option('--origin <name>', "the log's name, for example ledger.example/main")
    .option('--name <text>', "the ledger's name, for people")
    .addOption(jsonOption())
    .addHelpText('after', INIT_HELP)
    .action((options: InitOptions) => node.init(options));
  program
    .command('start')
    .description('run the node until SIGINT or SIGTERM')
    .option(...DATA)
    .option('--host <address>', 'address to listen on (default: ENTENTE_HOST or 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: ENTENTE_PORT or 8080)', parsePort)
    .option(...DATABASE)
    .action((options: StartOptions) => node.start(options));
  program
    .command('fsck')
    .description('check the stored log, its trees and tables against the entries; the node must not be running')
    .option(...DATA)
    .option(...DATABASE)
    .option('--replay', 'run every signed transaction again, too: takes as long as admitting them did')
    .action((options: FsckOptions) => node.fsck(options));
  program
    .command('rebuild')
    .description('derive the tables again from the log; the node must not be running')
    .option(...DATA)
    .option(...DATABASE)
    .action((options: DatabaseOptions) => node.rebuild(options));
}

const INIT_HELP = `
Writes into the folder: genesis.cbor, policy.txt for those who verify, and the member's keys (keep them secret, keep a copy).

Examples:
  entente init
  entente init --data /var/lib/entente --origin ledger.example/main --name "Example ledger"`;
