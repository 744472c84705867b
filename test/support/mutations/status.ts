/** Step 5: the status words. */
import type { ProofWord } from '../../../src/tlog/proof.ts';
import * as naive from '../naive-tree.ts';
import { makeScene, present, type Scene, type SceneOptions, standingIndexes, type Vector } from '../scene.ts';
import { revokedScene } from './log.ts';

/** Last indexes at which the number of words, or the padding of the last one, changes. */
const BORDERS = [255, 256, 257, 258, 511, 512, 513] as const;

export function statusMutations(): Vector[] {
  return [...BORDERS.flatMap(borderMutations), ...wordMutations(), ...rootMutations()];
}

const wordCountOf = (scene: Scene): number => Math.ceil((scene.log.nextIndex - 1) / 256);
const isInLastWord = (index: number, last: number): boolean => index >> 8 === (last - 1) >> 8;

/** Good, and every word one place further, one too many words, one too few, a bit set beyond the log. */
function borderMutations(last: number): Vector[] {
  const scene = makeScene({ lastIndex: last });
  const count = wordCountOf(scene);
  const at = `N-1 = ${last}`;
  const shift = (words: readonly ProofWord[]): ProofWord[] =>
    words.map(({ index, word }) => ({ index: index + 1, word }));
  const tooMany = lyingScene(last, naive.root([...leavesOf(scene), naive.statusLeafHash(new Uint8Array(32))]));
  const padded = makeScene({ lastIndex: last, block: { statusRoot: naive.root(leavesOf(scene, last)) } });
  const vectors = [
    present(`${at}`, { expect: 'ok' }, scene),
    present(`${at} in text form`, { expect: 'ok' }, scene, { text: (text) => text }),
    present(`${at}, words one place further`, { expect: 'status_words', alone: false }, scene, {
      alter: (proof) => ({ ...proof, words: shift(proof.words) }),
    }),
    present(`${at}, a status tree of one word too many`, { expect: 'status_inclusion' }, tooMany, {
      alter: (proof) => {
        const leaves = [...leavesOf(scene), naive.statusLeafHash(new Uint8Array(32))];
        return {
          ...proof,
          statusHashes: naive.multiproof(
            proof.words.map(({ index }) => index),
            leaves,
          ),
        };
      },
    }),
    present(
      `${at}, the subject superseded`,
      { expect: 'superseded' },
      makeScene({ lastIndex: last, block: { superseded: [last - 1] } }),
      {
        superseded: [last - 1],
      },
    ),
  ];
  if (last % 256 !== 0) {
    const altered = leavesOf(scene, last);
    vectors.push(
      present(`${at}, a bit at N-1 under a signed root`, { expect: 'status_padding' }, padded, {
        alter: (proof) => ({
          ...proof,
          words: proof.words.map(({ index, word }) =>
            isInLastWord(index * 256, last) ? { index, word: withBit(word, last) } : { index, word },
          ),
          statusHashes: naive.multiproof(
            proof.words.map(({ index }) => index),
            altered,
          ),
        }),
      }),
    );
  }
  if (count > 1) {
    const short = lyingScene(last, naive.root(leavesOf(scene).slice(0, -1)));
    vectors.push(
      present(`${at}, a status tree of one word too few`, { expect: 'status_inclusion', alone: false }, short),
      present(`${at}, the last word left out`, { expect: 'status_words' }, scene, {
        alter: (proof) => ({
          ...proof,
          words: proof.words.slice(0, -1),
          statusHashes: naive.multiproof(
            proof.words.slice(0, -1).map(({ index }) => index),
            leavesOf(scene),
          ),
        }),
      }),
    );
  }
  return vectors;
}

const lyingScene = (lastIndex: number, statusRoot: Uint8Array): Scene =>
  makeScene({ lastIndex, block: { statusRoot } });

/** The leaves of the status tree; with a bit beyond the log set when `extra` is given. */
function leavesOf({ log }: Scene, extra?: number): Uint8Array[] {
  const words = naive.statusWords(log.nextIndex, log.superseded);
  return words.map((word, i) =>
    naive.statusLeafHash(extra !== undefined && i === extra >> 8 ? withBit(word, extra) : word),
  );
}

function withBit(word: Uint8Array, entry: number): Uint8Array {
  const copy = word.slice();
  copy[(entry >> 3) & 31] = (copy[(entry >> 3) & 31] as number) | (1 << (entry & 7));
  return copy;
}

function wordMutations(): Vector[] {
  // The subject is in word 1; its authorities are in word 0.
  const options: SceneOptions = { lastIndex: 400 };
  const revoked = revokedScene(options);
  const words = naive.statusWords(revoked.log.nextIndex, revoked.log.superseded);
  const leaves = words.map(naive.statusLeafHash);
  const scene = makeScene(options);
  const three = makeScene({ lastIndex: 700 });
  return [
    present('the clean word 0 in the place of word 1', { expect: 'status_inclusion' }, revoked, {
      alter: (proof) => ({ ...proof, words: proof.words.with(1, { index: 1, word: words[0] as Uint8Array }) }),
    }),
    present("the subject's bit cleared", { expect: 'status_inclusion' }, revoked, {
      alter: (proof) => ({ ...proof, words: proof.words.with(1, { index: 1, word: new Uint8Array(32) }) }),
    }),
    present("the subject's word left out", { expect: 'status_words' }, revoked, {
      alter: (proof) => ({ ...proof, words: proof.words.slice(0, 1), statusHashes: naive.multiproof([0], leaves) }),
    }),
    present("the authorities' word left out", { expect: 'status_words' }, scene, {
      alter: (proof) => ({
        ...proof,
        words: proof.words.slice(1),
        statusHashes: naive.multiproof([1], naive.statusWords(401, []).map(naive.statusLeafHash)),
      }),
    }),
    present('a word that nothing needs', { expect: 'status_words' }, three, {
      alter: (proof) => ({
        ...proof,
        words: naive.statusWords(701, []).map((word, index) => ({ index, word })),
        statusHashes: [],
      }),
    }),
    present('a status hash left over', { expect: 'status_inclusion' }, three, {
      alter: (proof) => ({ ...proof, statusHashes: [...proof.statusHashes, new Uint8Array(32)] }),
    }),
    present('a status hash left out', { expect: 'status_inclusion' }, three, {
      alter: (proof) => ({ ...proof, statusHashes: [] }),
    }),
    present(
      'two words exchanged',
      { expect: 'status_inclusion' },
      makeScene({ lastIndex: 700, block: { superseded: [100] } }),
      {
        superseded: [100],
        alter: ({ words, ...proof }) => ({
          ...proof,
          words: words.map(({ index }, i) => ({ index, word: (words[words.length - 1 - i] as ProofWord).word })),
        }),
      },
    ),
    present(
      'a bit of another entry set',
      { expect: 'ok' },
      makeScene({ lastIndex: 400, block: { superseded: [300, 301] } }),
      {
        superseded: [300, 301],
      },
    ),
  ];
}

/** Words that are hashed as log leaves, or under the log's own root, are no status. */
function rootMutations(): Vector[] {
  const word = new Uint8Array(32);
  const asLogLeaf = makeScene({ block: { statusRoot: naive.leafHash(word) } });
  const bare = makeScene({ block: { statusRoot: word } });
  return [
    present('a status word hashed as a log leaf', { expect: 'status_inclusion' }, asLogLeaf),
    present('a status word that is not hashed', { expect: 'status_inclusion' }, bare),
    present('the status at the block before', { expect: 'status_inclusion' }, revokedScene(), {
      superseded: [],
      wanted: standingIndexes(revokedScene()),
    }),
  ];
}
