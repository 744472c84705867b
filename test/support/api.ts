/** A node with its HTTP API on a free port. */
import { createApi } from '../../src/api/app.ts';
import { type RunningServer, startServer } from '../../src/api/server.ts';
import { encodeGenesis } from '../../src/protocol/genesis.ts';
import { ports } from './crypto.ts';
import type { DatabasePlace } from './database-place.ts';
import { makeGenesis } from './ledger.ts';
import { NETWORK_ID, ORIGIN } from './members.ts';
import { TestNode } from './node.ts';

export interface TestApi {
  readonly node: TestNode;
  readonly url: string;
  readonly errors: unknown[];
  close(): Promise<void>;
}

export async function startApi(place: DatabasePlace, folder: string): Promise<TestApi> {
  const node = await TestNode.open({ place, folder });
  const errors: unknown[] = [];
  const app = createApi({
    network: {
      networkId: NETWORK_ID,
      origin: ORIGIN,
      epoch: 0,
      name: 'A network of tests',
      genesisHash: ports.hasher.sha256(encodeGenesis(makeGenesis([TestNode.member]))),
      policy: TestNode.policy,
    },
    database: place.kind,
    reader: node.store,
    sequencer: node.sequencer,
    checkpoints: node.sequencer,
    prover: node.prover,
    logError: (error) => errors.push(error),
  });
  const server: RunningServer = await startServer(app, { host: '127.0.0.1', port: 0 });
  return {
    node,
    url: server.url,
    errors,
    async close() {
      await server.close();
      await node.close();
    },
  };
}
