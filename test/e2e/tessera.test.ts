import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatVerifierKey } from '../../src/tlog/note.ts';
import { startApi } from '../support/api.ts';
import { newDatabase, newFolder } from '../support/databases.ts';
import { addSubmitter, endIdentity, makeDevice, makeSubmitter, register } from '../support/devices.ts';
import { buildGo, isGoMissing } from '../support/go.ts';
import { ORIGIN } from '../support/members.ts';
import { TestNode } from '../support/node.ts';

const submitter = makeSubmitter('tessera factory');

function run(binary: string, args: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** Tessera is another log's code: its client and fsck must be able to read ours as they read any C2SP tlog-tiles log. */
describe.skipIf(isGoMissing)("Tessera's client and fsck", () => {
  let binary: string;
  beforeAll(() => {
    binary = buildGo('logcheck');
  });

  it('read the running log: checkpoint, tiles, inclusion, consistency', async () => {
    const folder = newFolder();
    const api = await startApi(await newDatabase('pglite'), folder);
    const check = (...more: string[]) =>
      run(binary, [
        '-url',
        `${api.url}/log/`,
        '-origin',
        ORIGIN,
        '-vkey',
        formatVerifierKey(TestNode.member.logKey),
        ...more,
      ]);
    await api.node.submit(addSubmitter(TestNode.member, submitter));
    const batch = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => makeDevice(`${name} ${i}`, submitter.recordId));
    const published = () => api.node.sequencer.published().checkpoint.size;
    const grow = async (transaction: Uint8Array): Promise<void> => {
      const before = published();
      await api.node.submit(transaction);
      await api.node.sequencer.publishedAfter(before);
    };

    await grow(register(submitter, batch('first', 130)));
    const previous = join(folder, 'previous');
    writeFileSync(previous, await (await fetch(`${api.url}/log/checkpoint`)).text());
    expect(await check()).toMatchObject({ status: 0 });

    const second = batch('second', 700);
    await grow(register(submitter, second));
    await grow(endIdentity(submitter, (second[3] as (typeof second)[0]).recordId));
    expect(published()).toBeGreaterThan(3 * 256);
    const grown = await check('-previous', previous);
    expect(grown.output.trimEnd().split('\n').at(-1)).toBe('ok');
    expect(grown.status).toBe(0);

    // The same key under another name is not this log's.
    const foreign = await run(binary, [
      '-url',
      `${api.url}/log/`,
      '-origin',
      'ledger.example/other',
      '-vkey',
      formatVerifierKey(TestNode.member.logKey),
    ]);
    expect(foreign.status).not.toBe(0);
    await api.close();
  });
});
