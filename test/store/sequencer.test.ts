import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createVerifier } from '../../sdk/src/index.ts';
import { CheckpointSigner } from '../../src/consensus/checkpoint-signer.ts';
import { HighWaterError } from '../../src/consensus/high-water.ts';
import { HighWaterFile } from '../../src/consensus/high-water-file.ts';
import { RECOSIGN_SECONDS } from '../../src/consensus/solo.ts';
import { toHex } from '../../src/core/bytes.ts';
import { CODES } from '../../src/protocol/codes.ts';
import { DataLockedError, lockData } from '../../src/runtime/data-lock.ts';
import { encodeProof } from '../../src/tlog/proof.ts';
import { hashOf, ports } from '../support/crypto.ts';
import { newDatabase, newFolder } from '../support/databases.ts';
import { addSubmitter, makeDevice, makeSubmitter, register } from '../support/devices.ts';
import { TestNode } from '../support/node.ts';

const submitter = makeSubmitter('factory');

describe('the solo sequencer', () => {
  it('cosigns an idle ledger again with a fresh time, and never with an earlier one', async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    await node.submit(addSubmitter(TestNode.member, submitter));
    const device = makeDevice('idle', submitter.recordId);
    await node.submit(register(submitter, [device]));
    const cosignedAt = async (): Promise<number> => {
      const { proof } = await node.prover.prove(ports.hasher.sha256(device.der));
      const verifier = createVerifier({ policy: TestNode.policy, clock: () => node.clock.time, skewSeconds: 3600 });
      return verifier.verifyCertificate({ proof: encodeProof(proof), certificate: device.der }).checkpointTime;
    };
    const first = await cosignedAt();
    const before = node.sequencer.published().checkpoint;
    node.clock.time += 500;
    await node.sequencer.cosignAgain();
    expect(await cosignedAt()).toBe(first + 500);
    node.clock.time -= 400;
    await node.sequencer.cosignAgain();
    expect(await cosignedAt()).toBe(first + 500);
    expect(toHex(node.sequencer.published().checkpoint.root)).toBe(toHex(before.root));
    expect(RECOSIGN_SECONDS).toBeLessThanOrEqual(60);
    await node.close();
  });

  it('puts a burst of transactions into few blocks and answers each', async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    await node.submit(addSubmitter(TestNode.member, submitter));
    const burst = Array.from({ length: 40 }, (_, i) =>
      register(submitter, [makeDevice(`burst ${i}`, submitter.recordId)]),
    );
    const answers = await Promise.all(burst.map((transaction) => node.submit(transaction)));
    expect(answers.every(({ code, items }) => code === CODES.accepted && items[0]?.code === CODES.accepted)).toBe(true);
    expect(new Set(answers.map(({ items }) => items[0]?.index)).size).toBe(40);
    expect(node.sequencer.published().height).toBeLessThan(20);
    await node.close();
  });

  it('goes on cosigning while strangers keep it busy with transactions that are refused', async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    const stranger = makeSubmitter('stranger');
    const cosigned = (): string => toHex(node.sequencer.published().checkpoint.lines[1]?.data ?? new Uint8Array(0));
    const before = cosigned();
    node.clock.time += RECOSIGN_SECONDS;
    await node.submit(register(stranger, [makeDevice('refused', stranger.recordId)]));
    await vi.waitFor(() => expect(cosigned()).not.toBe(before));
    await node.close();
  });

  it("keeps strangers' transactions out of the blocks that it stores", async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    const stranger = makeSubmitter('stranger');
    const junk = register(stranger, [makeDevice('junk', stranger.recordId)]);
    const [refused] = await Promise.all([node.submit(junk), node.submit(addSubmitter(TestNode.member, submitter))]);
    expect(refused.code).toBe(CODES.signer_unknown);
    expect((await node.store.findTransactions([ports.hasher.sha256(junk)])).size).toBe(0);
    expect(node.sequencer.published().height).toBeLessThanOrEqual(1);
    await node.close();
  });

  it('numbers no block in which everything was refused', async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    const { code } = await node.submit(register(submitter, [makeDevice('early', submitter.recordId)]));
    expect(code).toBe(CODES.signer_unknown);
    expect(node.sequencer.published()).toMatchObject({ height: 0, checkpoint: { size: 3 } });
    await node.close();
  });

  it('stops at a failed commit, refuses what waits and takes in no more', async () => {
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder: newFolder() });
    await node.submit(addSubmitter(TestNode.member, submitter));
    vi.spyOn(node.store, 'commit').mockRejectedValue(new Error('disk full'));
    const failing = node.submit(register(submitter, [makeDevice('lost', submitter.recordId)]));
    await expect(failing).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(node.submit(register(submitter, [makeDevice('later', submitter.recordId)]))).rejects.toMatchObject({
      code: 'shutting_down',
    });
    expect(node.fatal).toHaveLength(1);
    await node.close();
  });
});

describe('the high-water mark', () => {
  const { logKey, cosignerKey, log, cosigner } = TestNode.member;
  const keys = { log: { key: logKey, sign: log.sign }, cosigner: { key: cosignerKey, sign: cosigner.sign } };
  const checkpoint = (size: number, name: string) => ({ origin: 'ledger.example/test', size, root: hashOf(name) });

  it('refuses a smaller size and another root, also after a restart', async () => {
    const path = join(newFolder(), 'high-water');
    HighWaterFile.create(path);
    const file = new HighWaterFile(path);
    const signer = await CheckpointSigner.open(keys, file);
    await signer.sign(checkpoint(10, 'a'), 1);
    await signer.sign(checkpoint(10, 'a'), 2);
    await expect(signer.sign(checkpoint(10, 'b'), 3)).rejects.toThrow(HighWaterError);
    await expect(signer.sign(checkpoint(9, 'a'), 3)).rejects.toThrow(HighWaterError);
    const again = await CheckpointSigner.open(keys, file);
    await expect(again.sign(checkpoint(9, 'a'), 3)).rejects.toThrow(/restore the newer database/);
    await expect(again.sign(checkpoint(10, 'b'), 3)).rejects.toThrow(/not the same ledger/);
    await again.sign(checkpoint(11, 'c'), 3);
  });

  it('refuses to sign when its file is missing: nobody can say then what the keys have signed', async () => {
    const file = new HighWaterFile(join(newFolder(), 'high-water'));
    await expect(CheckpointSigner.open(keys, file)).rejects.toThrow(/missing/);
  });

  it('refuses to sign when its file is damaged', async () => {
    const path = join(newFolder(), 'high-water');
    const file = new HighWaterFile(path);
    await file.save({ size: 10, root: hashOf('a') });
    writeFileSync(path, readFileSync(path).subarray(1));
    await expect(CheckpointSigner.open(keys, file)).rejects.toThrow(HighWaterError);
  });

  it('keeps a node from signing a longer history that lacks what was signed', async () => {
    const folder = newFolder();
    const first = await TestNode.open({ place: await newDatabase('pglite'), folder });
    await first.submit(addSubmitter(TestNode.member, submitter));
    await first.close();
    const place = await newDatabase('pglite');
    const other = await TestNode.open({ place, folder: newFolder() });
    for (const name of ['another', 'and another', 'and a third']) {
      await other.submit(addSubmitter(TestNode.member, makeSubmitter(name)));
    }
    await other.close();
    await expect(TestNode.open({ place, folder })).rejects.toThrow(/not the same ledger/);
  });

  it('keeps a node with an older database from starting', async () => {
    const folder = newFolder();
    const node = await TestNode.open({ place: await newDatabase('pglite'), folder });
    await node.submit(addSubmitter(TestNode.member, submitter));
    await node.close();
    const older = TestNode.open({ place: await newDatabase('pglite'), folder });
    await expect(older).rejects.toThrow(HighWaterError);
  });
});

describe('the lock of the data folder', () => {
  it('is held by one, and given back', async () => {
    const folder = newFolder();
    const unlock = await lockData(folder);
    await expect(lockData(folder)).rejects.toThrow(DataLockedError);
    await unlock();
    await (await lockData(folder))();
  });

  it('is taken over from a process that was killed, by exactly one of many', async () => {
    const folder = newFolder();
    const script = `import { lockData } from '${new URL('../../src/runtime/data-lock.ts', import.meta.url).href}';
      await lockData('${folder}'); process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => lockData(folder)));
    const winners = takers.filter((taker) => taker.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    await winners[0]?.value();
  });
});
