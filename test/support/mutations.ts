/** Every mutation: proofs that are broken in one way, with everything around it signed and hashed anew. */
import { checkpointMutations } from './mutations/checkpoint.ts';
import { historicMutations } from './mutations/historic.ts';
import { logMutations } from './mutations/log.ts';
import { standingMutations } from './mutations/standing.ts';
import { statusMutations } from './mutations/status.ts';
import type { Vector } from './scene.ts';

export const makeMutations = (): Vector[] => [
  ...checkpointMutations(),
  ...logMutations(),
  ...statusMutations(),
  ...standingMutations(),
  ...historicMutations(),
];
