/** Arbitrary values of the formats, for property tests. */
import fc from 'fast-check';
import { CBOR_DEPTH_MAX, type Cbor } from '../../src/core/cbor.ts';

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -1,
    -24,
    -25,
    -256,
    -257,
    1 - 2 ** 53,
  ),
);
/** Whole Unicode scalar values, beyond the basic plane too. */
const text = fc.string({ unit: 'binary', maxLength: 20 });
const leaf: fc.Arbitrary<Cbor> = fc.oneof(
  integer,
  fc.boolean(),
  fc.constant(null),
  text,
  fc.uint8Array({ maxLength: 40 }),
);

/** A value that has an encoding, up to the greatest depth. */
export function cborValue(depth = CBOR_DEPTH_MAX): fc.Arbitrary<Cbor> {
  if (depth <= 1) return leaf;
  const inner = fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.constant(null).chain(() => cborValue(depth - 1)) },
  );
  const key = fc.oneof(fc.nat(30), fc.maxSafeNat());
  return fc.oneof(
    { weight: 2, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc
        .array(
          fc.tuple(
            key,
            inner.filter((item) => item !== null),
          ),
          { maxLength: 4 },
        )
        .map((pairs) => new Map(sorted(pairs))),
    },
  );
}

/** Decoded maps ascend, so that only such ones compare equal by order. */
const sorted = <T>(pairs: readonly (readonly [number, T])[]): (readonly [number, T])[] =>
  [...pairs].sort(([a], [b]) => a - b);
