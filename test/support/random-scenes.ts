/** Scenes in which one entry says something else at one place, signed by all: what two verifiers must read alike. */
import { type Cbor, type CborMap, encode, isArray, isMap } from '../../src/core/cbor.ts';
import type { RecordVersion } from '../../src/protocol/record.ts';
import type { Random } from './random.ts';
import { makeScene, NOW, present, type Scene, type SceneOptions, type Vector, withPayload } from './scene.ts';

const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** Values at the borders of what a place may hold. */
const VALUES: readonly Cbor[] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  -1,
  23,
  24,
  255,
  256,
  2 ** 32,
  2 ** 53 - 1,
  1 - 2 ** 53,
  NOW,
  NOW - 1,
  NOW + 1,
  null,
  true,
  false,
  '',
  'text',
  new Uint8Array(0),
  new Uint8Array(31),
  hash(0),
  hash(255),
  new Uint8Array(33),
  [],
  [1],
  [hash(0)],
  [hash(255), hash(0)],
  [[]],
  new Map(),
  new Map([[0, 1]]),
  new Map<number, Cbor>([
    [0, [1]],
    [1, []],
  ]),
];

/** The value with one place, somewhere inside, replaced, left out or doubled. */
export function mutate(value: Cbor, random: Random): Cbor {
  const isLeaf = !(isArray(value) && value.length > 0) && !(isMap(value) && value.size > 0);
  if (isLeaf || random.oneIn(8)) return nearby(value, random);
  return isMap(value) ? mutateMap(value, random) : mutateList(value as readonly Cbor[], random);
}

function nearby(value: Cbor, random: Random): Cbor {
  if (typeof value === 'number' && random.oneIn(2)) return value + (random.oneIn(2) ? 1 : -1);
  return random.pick(VALUES);
}

function mutateList(list: readonly Cbor[], random: Random): Cbor {
  const at = random.below(list.length);
  const item = list[at] as Cbor;
  if (random.oneIn(10)) return list.toSpliced(at, 1);
  if (random.oneIn(10)) return list.toSpliced(at, 0, item);
  return list.with(at, mutate(item, random));
}

function mutateMap(map: CborMap, random: Random): Cbor {
  const key = random.pick([...map.keys()]);
  const changed = new Map(map);
  if (random.oneIn(6)) changed.delete(key);
  else if (random.oneIn(4)) changed.set(random.pick([0, 1, 2, 3, 7, 8, 9, 16, 17, 99]), random.pick(VALUES) ?? '');
  else changed.set(key, mutate(map.get(key) as Cbor, random) ?? '');
  return changed;
}

/** A sound starting point, with some of the optional places filled. */
function startingPoint(random: Random): SceneOptions {
  const scope: Cbor = new Map<number, Cbor>([
    [0, [1, 2]],
    [1, [[2, new TextEncoder().encode('example.com')]]],
  ]);
  const some = (...pairs: readonly (readonly [number, Cbor])[]) => withPayload(...random.some(pairs));
  return {
    memberCount: 1,
    member: some([1, scope], [2, 1000]),
    submitter: some([1, scope], [2, 1000], [3, 4]),
    anchors: random.oneIn(2) ? [some([1, scope], [2, 1000])] : [],
    subject: some([7, NOW - 5], [8, NOW + 5], [9, 1]),
    certificate: random.oneIn(2) ? { dnsNames: ['a.example.com'] } : {},
  };
}

const placesOf = (r: RecordVersion): readonly Cbor[] => [
  r.kind,
  1,
  r.recordId,
  r.version,
  r.supersedes,
  r.first,
  r.state,
  r.authorityIds,
  r.payload,
];

/** A proof of a scene whose subject, authority or block entry is mutated. The SDK's verdict is not known beforehand. */
export function randomProof(random: Random, name: string): Vector {
  const options = startingPoint(random);
  const which = random.pick(['subject', 'subject', 'submitter', 'member', 'anchor', 'block'] as const);
  const scene = makeScene({
    ...options,
    ...(which === 'block' && {
      block: { alter: (places: Cbor[]) => [...(mutateList(places, random) as readonly Cbor[])] },
    }),
  });
  return present(name, { expect: '' }, which === 'block' ? scene : withEntry(scene, which, random), { superseded: [] });
}

/** One entry is replaced in the log; the block entry, whose place and status stay, and the root are signed as they then are. */
function withEntry(scene: Scene, which: 'subject' | 'submitter' | 'member' | 'anchor', random: Random): Scene {
  const located = which === 'anchor' ? scene.anchors[0] : scene[which];
  const { index, record } = located ?? scene.submitter;
  scene.log.entries[index] = encode(mutateList(placesOf(record), random));
  return scene;
}
