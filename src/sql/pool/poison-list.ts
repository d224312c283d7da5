import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Why a statement has no lineage. */
export type PoisonReason = 'deadline' | 'memory' | 'crash';

export interface PoisonedText {
  /** First 16 hex digits of the statement's SHA-256. */
  readonly hash: string;
  readonly characters: number;
  readonly reason: PoisonReason;
}

/** How many are remembered; beyond that, the one met longest ago is forgotten and may cost its deadline once more. */
const CAPACITY = 1000;

/** Statements that ended a thread. Looked up by length first, so that harmless ones are hardly ever hashed. */
export class PoisonList {
  readonly #texts = new LRUCache<string, PoisonedText>({ max: CAPACITY });
  readonly #lengths = new Set<number>();

  add(sql: string, reason: PoisonReason): PoisonedText {
    const poisoned = { hash: hashOf(sql), characters: sql.length, reason };
    this.#texts.set(poisoned.hash, poisoned);
    this.#lengths.add(sql.length);
    return poisoned;
  }

  find(sql: string): PoisonedText | undefined {
    return this.#lengths.has(sql.length) ? this.#texts.get(hashOf(sql)) : undefined;
  }

  list(): readonly PoisonedText[] {
    return [...this.#texts.keys()].flatMap((hash) => this.#texts.peek(hash) ?? []).reverse();
  }
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 16);
}
