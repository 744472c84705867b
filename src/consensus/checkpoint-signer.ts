/** Signs checkpoints as the log and as the one cosigner that a solo ledger has. */
import { fromUtf8 } from '../core/bytes.ts';
import { type Checkpoint, checkpointText, type SignedCheckpoint } from '../tlog/checkpoint.ts';
import { cosignatureLine, cosignedMessage, logLine } from '../tlog/cosignature.ts';
import type { VerifierKey } from '../tlog/note.ts';
import { assertAbove, type HighWater, type HighWaterMark } from './high-water.ts';

/** A private key that signs lines of notes. */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
}

export class CheckpointSigner {
  readonly #log: NoteSigner;
  readonly #cosigner: NoteSigner;
  readonly #mark: HighWaterMark;
  #signed: HighWater | undefined;
  #lastTime = 0;

  private constructor(log: NoteSigner, cosigner: NoteSigner, mark: HighWaterMark, signed: HighWater | undefined) {
    this.#log = log;
    this.#cosigner = cosigner;
    this.#mark = mark;
    this.#signed = signed;
  }

  static async open(keys: { log: NoteSigner; cosigner: NoteSigner }, mark: HighWaterMark): Promise<CheckpointSigner> {
    return new CheckpointSigner(keys.log, keys.cosigner, mark, await mark.load());
  }

  /** The newest checkpoint that was signed. */
  get mark(): HighWater | undefined {
    return this.#signed;
  }

  /**
   * Signs a checkpoint at a time in seconds. Times never go back, even when the clock does.
   * @throws HighWaterError
   */
  async sign(checkpoint: Checkpoint, time: number): Promise<SignedCheckpoint> {
    const next = { size: checkpoint.size, root: checkpoint.root };
    assertAbove(this.#signed, next);
    if (this.#signed?.size !== next.size) {
      await this.#mark.save(next);
      this.#signed = next;
    }
    this.#lastTime = Math.max(this.#lastTime, time);
    const cosignedAt = BigInt(this.#lastTime);
    return {
      ...checkpoint,
      lines: [
        logLine(this.#log.key, this.#log.sign(fromUtf8(checkpointText(checkpoint)))),
        cosignatureLine(this.#cosigner.key, cosignedAt, this.#cosigner.sign(cosignedMessage(checkpoint, cosignedAt))),
      ],
    };
  }
}
