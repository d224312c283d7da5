import { z } from 'zod';
import { toLines, type SliceAddress, type StagingStore } from '../staging/index.js';
import type { StaleScope } from './catalog.js';
import type { MarkLog } from './mark-deleted.js';

const markLine = z.object({ scope: z.string(), fqn: z.string() });

/** The marks of one unit, in a slice of their own: one entry for each scope in which something is marked. */
export class StagedMarks implements MarkLog {
  readonly #earlier = new Map<string, string[]>();
  #next = 0;

  private constructor(
    private readonly store: StagingStore,
    private readonly address: SliceAddress
  ) {}

  static async open(store: StagingStore, address: SliceAddress): Promise<StagedMarks> {
    const marks = new StagedMarks(store, address);
    await marks.#catchUp();
    return marks;
  }

  async earlier(scope: StaleScope): Promise<readonly string[]> {
    await this.#catchUp();
    return this.#earlier.get(keyOf(scope)) ?? [];
  }

  async add(scope: StaleScope, fqns: readonly string[]): Promise<void> {
    const known = new Set(this.#earlier.get(keyOf(scope)));
    const marks = fqns.filter((fqn) => !known.has(fqn)).map((fqn) => ({ scope: keyOf(scope), fqn }));
    if (marks.length === 0) return;
    await this.store.commit(this.address, { n: this.#next, lines: toLines(marks), last: false });
    this.#next += 1;
  }

  /** Reads what other attempts wrote since the last look. */
  async #catchUp(): Promise<void> {
    for (const entry of await this.store.manifest(this.address, this.#next)) {
      this.#next += 1;
      for (const value of await this.store.read(entry)) {
        const { scope, fqn } = markLine.parse(value);
        this.#earlier.set(scope, [...(this.#earlier.get(scope) ?? []), fqn]);
      }
    }
  }
}

function keyOf({ kind, scopeFqn }: StaleScope): string {
  return `${kind} ${scopeFqn}`;
}
