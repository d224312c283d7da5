import { createHash } from 'node:crypto';

/** Why a text has no lineage. */
export type PoisonReason = 'deadline' | 'memory' | 'crash';

export interface PoisonedText {
  /** First 16 hex digits of the text's SHA-256. */
  readonly hash: string;
  readonly characters: number;
  readonly reason: PoisonReason;
}

/** How many are remembered; beyond, the oldest is forgotten and may cost its deadline once more. */
const CAPACITY = 1000;

/** Texts that ended a thread. Looked up by length first, so that harmless texts are hardly ever hashed. */
export class PoisonList {
  readonly #texts = new Map<string, PoisonedText>();
  readonly #lengths = new Set<number>();

  add(sql: string, reason: PoisonReason): PoisonedText {
    const poisoned = { hash: hashOf(sql), characters: sql.length, reason };
    this.#texts.set(poisoned.hash, poisoned);
    this.#lengths.add(sql.length);
    if (this.#texts.size > CAPACITY) {
      const oldest = this.#texts.keys().next();
      if (oldest.done !== true) this.#texts.delete(oldest.value);
    }
    return poisoned;
  }

  find(sql: string): PoisonedText | undefined {
    return this.#lengths.has(sql.length) ? this.#texts.get(hashOf(sql)) : undefined;
  }

  list(): readonly PoisonedText[] {
    return [...this.#texts.values()];
  }
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 16);
}
