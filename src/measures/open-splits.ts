import { z } from 'zod';
import type { MeasureStatement } from './measure-statement.js';

/** Measures of one statement of which some are refused, by their keys. */
export const openSplit = z.object({
  keys: z.array(z.string()),
  /** It was sent as a whole, and refused. */
  refused: z.literal(true).optional(),
});
export type OpenSplit = z.infer<typeof openSplit>;

/**
 * Statements that were split and aren't settled yet. A measuring that is cut short leaves them for the next one, which
 * goes on there: what was answered is asked in one statement again, and no refused one is sent twice.
 */
export class OpenSplits {
  #open: OpenSplit[];

  constructor(known: readonly OpenSplit[] = []) {
    this.#open = [...known];
  }

  get open(): readonly OpenSplit[] {
    return this.#open;
  }

  /** What is open of a statement, by itself, behind the rest. */
  piecesOf(statement: MeasureStatement): { readonly statement: MeasureStatement; readonly isRefused: boolean }[] {
    const pieces = new Array<{ statement: MeasureStatement; isRefused: boolean }>();
    let rest: MeasureStatement | undefined = statement;
    for (const { keys, refused } of this.#open) {
      if (rest === undefined) break;
      const { inside, outside }: ReturnType<MeasureStatement['within']> = rest.within(new Set(keys));
      if (inside !== undefined) pieces.push({ statement: inside, isRefused: refused === true });
      rest = outside;
    }
    return rest === undefined ? pieces : [{ statement: rest, isRefused: false }, ...pieces];
  }

  refused(statement: MeasureStatement): void {
    this.settled(statement);
    this.#open.push({ keys: keysOf(statement), refused: true });
  }

  halved(statement: MeasureStatement, halves: readonly MeasureStatement[]): void {
    this.settled(statement);
    this.#open.push(...halves.map((half) => ({ keys: keysOf(half) })));
  }

  /** It is known of each of its measures whether it is refused. */
  settled(statement: MeasureStatement): void {
    if (this.#open.length === 0) return;
    const gone = new Set(keysOf(statement));
    this.#open = this.#open.flatMap((split) => {
      const keys = split.keys.filter((key) => !gone.has(key));
      if (keys.length === split.keys.length) return [split];
      // less than what was refused may be answered
      return keys.length === 0 ? [] : [{ keys }];
    });
  }
}

function keysOf({ asks }: MeasureStatement): string[] {
  return asks.map(({ key }) => key);
}
