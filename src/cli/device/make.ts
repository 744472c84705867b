/** Makes many devices on all processors. */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { forEachConcurrently } from '../concurrency.ts';
import { CommandFailure } from '../failure.ts';
import { makeByOpenssl } from './openssl.ts';
import type { DevicePlan, DeviceProfile } from './plan.ts';
import type { DeviceWork } from './worker.ts';

/** A thread takes a third of a second to load: below this a further one does not pay. */
const DEVICES_PER_THREAD_MIN = 100;
const THREADS_MAX = 16;

/** `onMade` is called once per device, in no order. Existing files are never overwritten. */
export async function makeDevices(
  plans: readonly DevicePlan[],
  profile: DeviceProfile,
  onMade: () => void,
): Promise<void> {
  await mkdir(profile.folder, { recursive: true });
  const processors = Math.min(availableParallelism(), THREADS_MAX);
  const own = plans.filter(({ byOpenssl }) => !byOpenssl);
  const threads = Math.min(processors, Math.ceil(own.length / DEVICES_PER_THREAD_MIN));
  const shares = Array.from({ length: threads }, (_, share) => own.filter((_plan, i) => i % threads === share));
  await Promise.all([
    ...shares.map((share) => makeInThread({ profile, plans: share }, onMade)),
    forEachConcurrently(
      plans.filter(({ byOpenssl }) => byOpenssl),
      processors,
      async (plan) => {
        await makeByOpenssl(plan, profile);
        onMade();
      },
    ),
  ]);
}

function makeInThread(work: DeviceWork, onMade: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: work });
    worker.on('message', onMade);
    // The error's class does not survive the way between threads; its message does.
    worker.on('error', (error) =>
      reject(new CommandFailure(String((error as Error).message ?? error), { code: 'device' })),
    );
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new CommandFailure('a thread ended early', { code: 'device' })),
    );
  });
}
