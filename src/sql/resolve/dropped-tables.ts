import type { Statement } from '../statement-tree.js';

type Transaction = Extract<Statement, { kind: 'transaction' }>;

interface Held {
  /** Temporary tables that stand before their namesakes in the same schema. */
  readonly hiding: ReadonlySet<string>;
  /** Whose temporary namesakes are gone. */
  readonly bared: ReadonlySet<string>;
  /** That the text has dropped or renamed. */
  readonly gone: ReadonlySet<string>;
}

interface Followed {
  readonly made: readonly { readonly key: string; readonly temporary?: true }[];
  readonly renames: readonly { readonly from: { readonly key: string }; readonly to: { readonly key: string } }[];
  readonly drops: readonly { readonly key: string }[];
}

const NONE: ReadonlySet<string> = new Set();

/** What a text's drops uncover, from statement to statement. */
export class DroppedTables {
  #held: Held = { hiding: NONE, bared: NONE, gone: NONE };

  /** What turned out not to have been dropped. */
  readonly kept = new Set<string>();

  keep(key: string): void {
    this.kept.add(key);
  }

  isGone(key: string): boolean {
    return this.#held.gone.has(key);
  }

  /** The name means the catalog's table again, after it was that of a temporary one. */
  isBared(key: string): boolean {
    return this.#held.bared.has(key);
  }

  follow({ made, renames, drops }: Followed): void {
    if (made.length + renames.length + drops.length === 0) return;
    const [hiding, bared, gone] = [new Set(this.#held.hiding), new Set(this.#held.bared), new Set(this.#held.gone)];
    const leave = (key: string): void => {
      if (hiding.delete(key)) bared.add(key);
      else gone.add(key);
    };
    for (const { key, temporary } of made) {
      gone.delete(key);
      if (temporary !== true) continue;
      hiding.add(key);
      bared.delete(key);
    }
    for (const { from, to } of renames) {
      if (hiding.has(from.key)) hiding.add(to.key);
      gone.delete(to.key);
      leave(from.key);
    }
    for (const { key } of drops) leave(key);
    this.#held = { hiding, bared, gone };
  }

  /** Outside of the body that makes them for itself, temporary tables hide nothing. */
  leave(temporary: readonly string[]): void {
    if (temporary.length === 0) return;
    const outside = temporary.filter((key) => !this.#held.hiding.has(key));
    this.#held = { ...this.#held, bared: new Set([...this.#held.bared, ...outside]) };
  }

  /** What a ROLLBACK brings back may be what was dropped. */
  followTransaction({ does }: Transaction): void {
    if (does === 'rollback' || does === 'restore') this.#held = { ...this.#held, gone: NONE };
  }

  /** @returns what brings back the state of now */
  hold(): () => void {
    const held = this.#held;
    return () => {
      this.#held = held;
    };
  }
}
