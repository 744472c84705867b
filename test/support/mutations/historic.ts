/** HistoricStatus: the status at an earlier block. */
import type { RecordVersion } from '../../../src/protocol/record.ts';
import { STATES } from '../../../src/protocol/record.ts';
import { CURRENT, HISTORIC } from '../../../src/tlog/proof.ts';
import {
  blockTime,
  makeScene,
  NOW,
  type Presentation,
  present,
  type Scene,
  standingIndexes,
  type Vector,
} from '../scene.ts';

type Target = readonly [kind: 0 | 1, value: number];
const height = (value: number): Target => [0, value];
const time = (value: number): Target => [1, value];

/** Registered at height 2, another submitter's version at 3, suspended at 4, active again at 5. */
interface History extends Scene {
  readonly blocks: readonly number[];
  readonly suspendedAt: number;
  readonly restoredAt: number;
}

function makeHistory(): History {
  const scene = makeScene();
  const { log } = scene;
  log.addVersion(scene.anchors[0] ?? { index: 3, record: memberAt(scene, 2) }, {});
  log.close(blockTime(3));
  const suspendedAt = log.addVersion(scene.subject, { state: STATES.suspended });
  log.close(blockTime(4));
  const suspended = {
    ...scene.subject.record,
    version: 2,
    supersedes: scene.subject.index,
    first: scene.subject.index,
  };
  const restoredAt = log.addVersion({ index: suspendedAt, record: suspended }, { state: STATES.active });
  log.close(blockTime(5));
  return { ...scene, blocks: log.blocks, suspendedAt, restoredAt };
}

/** The record of a member that has nothing to do with the subject. */
function memberAt({ member, members }: Scene, i: number): RecordVersion {
  const other = members[i] as Scene['members'][number];
  return { ...member.record, recordId: other.recordId, payload: other.payload };
}

export function historicMutations(): Vector[] {
  const history = makeHistory();
  const [, , second, third, fourth] = history.blocks as [number, number, number, number, number];
  const authorities = standingIndexes(history).slice(1);
  const at = (
    name: string,
    expect: string,
    target: Target,
    earlierBlocks: readonly number[],
    change: Presentation = {},
  ): Vector => present(name, { expect }, history, { form: HISTORIC, earlierBlocks, ...change, options: { target } });
  const suspended = { wanted: [history.suspendedAt, ...authorities] };
  const restored = { wanted: [history.restoredAt, ...authorities] };
  return [
    at('the height of its own block', 'ok', height(2), [second, third]),
    at('a height whose block changed nothing of it', 'ok', height(3), [third, fourth]),
    at('the height before the last, its successor being the last', 'state', height(4), [fourth], suspended),
    at('the newest height', 'ok', height(5), [], restored),
    at('a time between two blocks', 'ok', time(blockTime(4) - 1), [third, fourth]),
    at('the time of the next block', 'historic_target', time(blockTime(4)), [third, fourth]),
    at('the time of a block', 'ok', time(blockTime(3)), [third, fourth]),
    at('a time after the newest block, before the quorum vouched', 'ok', time(NOW - 1), [], { ...restored, time: NOW }),
    at('the time at which the quorum vouched', 'historic_target', time(NOW), [], { ...restored, time: NOW }),
    at('a height that is not there yet', 'historic_target', height(6), [], restored),
    at('an older block for a later height', 'historic_target', height(4), [second, third]),
    at('a later block for an older height', 'historic_target', height(2), [third, fourth]),
    at('a successor with a block left out between', 'historic_target', height(4), [third], {
      ...restored,
      wanted: standingIndexes(history),
    }),
    at('two blocks where the newest answers', 'unused_entry', height(5), [fourth], restored),
    at('three blocks before the newest', 'unused_entry', height(2), [second, third, fourth]),
    at('an entry younger than the block', 'unused_entry', height(3), [third, fourth], suspended),
    at('the entry before the suspension, at its height', 'superseded', height(4), [fourth]),
    at('age does not matter', 'ok', height(2), [second, third], { now: NOW + 10_000_000 }),
    at('the status of the newest block for an older one', 'status_inclusion', height(3), [third, fourth], {
      superseded: [3, history.suspendedAt, history.subject.index].filter((entry) => entry < third),
    }),
    present('a HistoricStatus offered as current', { expect: 'historic_status' }, history, {
      form: HISTORIC,
      ...restored,
    }),
    present('the same as a current status', { expect: 'ok' }, history, { form: CURRENT, ...restored }),
    present('a current status offered as historic', { expect: 'current_status' }, history, {
      form: CURRENT,
      ...restored,
      options: { target: height(5) },
    }),
    present('a current status with an older block', { expect: 'unused_entry' }, history, {
      ...restored,
      alter: (p) => p,
      form: CURRENT,
      earlierBlocks: [fourth],
      superseded: [...history.log.superseded].filter((entry) => entry < fourth),
    }),
    present(
      'seven authorities',
      { expect: 'too_many_authorities' },
      makeScene({ anchors: [0, 1, 2, 3].map(() => (record: RecordVersion) => record) }),
      {
        form: HISTORIC,
        options: { target: height(2) },
      },
    ),
    present(
      'six authorities at an earlier height',
      { expect: 'ok' },
      makeScene({ anchors: [0, 1, 2].map(() => (record: RecordVersion) => record) }),
      {
        form: HISTORIC,
        options: { target: height(2) },
      },
    ),
  ];
}
