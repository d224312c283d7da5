import { createHash } from 'node:crypto';
import type { JournalLine } from '../contract/journal.js';

/** Texts held at once; then those with the fewest uses are only counted. */
const HELD = 20_000;

/** The statements that used an entity: one text has a line of its own for each schema that it ran in. */
export class TextUses {
  readonly #lines = new Map<string, JournalLine>();
  #left = 0;
  #unshown = 0;

  add(line: JournalLine): void {
    const key = this.#keyOf(line);
    const same = this.#lines.get(key);
    this.#lines.set(
      key,
      same === undefined ? line : { ...same, uses: sumOf([...(same.uses ?? []), ...(line.uses ?? [])]) }
    );
    if (this.#lines.size > HELD) this.#prune();
  }

  /** Those with the most uses, and of how many texts there are more. */
  most(limit: number): { readonly lines: readonly JournalLine[]; readonly more: number } {
    const sorted = this.#sorted();
    return {
      lines: sorted.slice(0, limit).map(([, line]) => line),
      more: Math.max(sorted.length - limit, 0) + this.#left,
    };
  }

  /** Texts that can't be shown are not known to be the same. */
  #keyOf({ sql, reason = '' }: JournalLine): string {
    if (sql === undefined) return String((this.#unshown += 1));
    return createHash('sha1').update(`${reason}\n${sql}`).digest('base64');
  }

  #sorted(): [string, JournalLine][] {
    return [...this.#lines].sort(([, left], [, right]) => usesOf(right) - usesOf(left));
  }

  #prune(): void {
    for (const [key] of this.#sorted().slice(HELD / 2)) {
      this.#lines.delete(key);
      this.#left += 1;
    }
  }
}

function usesOf({ uses = [] }: JournalLine): number {
  return uses.reduce((sum, { count }) => sum + count, 0);
}

function sumOf(uses: NonNullable<JournalLine['uses']>): NonNullable<JournalLine['uses']> {
  const days = new Map<string, number>();
  for (const { date, count } of uses) days.set(date, (days.get(date) ?? 0) + count);
  return [...days].sort(([left], [right]) => (left < right ? -1 : 1)).map(([date, count]) => ({ date, count }));
}
