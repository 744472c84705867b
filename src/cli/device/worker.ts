/** A thread that makes devices; posts the number of each one that is done. */
import { parentPort, workerData } from 'node:worker_threads';
import { forEachConcurrently } from '../concurrency.ts';
import type { DevicePlan, DeviceProfile } from './plan.ts';
import { makeSelfSigned } from './self-signed.ts';

export interface DeviceWork {
  readonly profile: DeviceProfile;
  readonly plans: readonly DevicePlan[];
}

/** Keeps the thread busy while files are written and the crypto pool works. */
const IN_FLIGHT = 4;

const { profile, plans } = workerData as DeviceWork;
await forEachConcurrently(plans, IN_FLIGHT, async (plan) => {
  await makeSelfSigned(plan, profile);
  parentPort?.postMessage(plan.number);
});
