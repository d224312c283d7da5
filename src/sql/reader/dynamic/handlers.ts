import type { Cursor } from '../cursor.js';
import type { Fork } from './flow-tree.js';
import type { Change } from './variable-walk.js';

/** A `DECLARE … HANDLER FOR …` with its statement. */
export interface Handler {
  readonly from: number;
  readonly to: number;
  /** Its block ends with it. */
  readonly isExit: boolean;
  /** Behind the END of its block. */
  end: number | undefined;
}

/** What stands in front of a statement. */
const BEHIND: ReadonlySet<string> = new Set('; begin atomic then else loop do repeat'.split(' '));
/** These hardly fail. */
const SAFE = /^(?:set|declare|end|prepare|deallocate|leave|iterate)$/;

/**
 * Where the handlers of a text may have changed a variable: behind what may fail, or behind their block. Of what fails
 * where another variable has its name, behind there.
 *
 * @param scopesAt the blocks around a token whose own the variable is, the outermost first
 */
export function handledFills(
  cursor: Cursor,
  handlers: readonly Handler[],
  changes: readonly Change[],
  scopesAt: (at: number) => readonly Fork[]
): readonly Change[] {
  return handlers
    .filter(({ from, to }) => changes.some(({ at }) => from < at && at < to))
    .flatMap((handler) => {
      const own = scopesAt(handler.from).length;
      return failuresOf(cursor, handler).map((at) => ({ at: scopesAt(at)[own]?.to ?? at, isFill: true }));
    });
}

const failures = new WeakMap<Handler, readonly number[]>();

function failuresOf(cursor: Cursor, handler: Handler): readonly number[] {
  const { to, isExit, end = cursor.tokens.length } = handler;
  if (isExit) return [end];
  const known = failures.get(handler);
  if (known !== undefined) return known;
  const found: number[] = [];
  let first = '';
  for (let index = to + 1; index < end; index += 1) {
    const { word } = cursor.token(index);
    if (BEHIND.has(cursor.token(index - 1).word)) first = word;
    if (word === ';' && !SAFE.test(first)) found.push(index);
  }
  failures.set(handler, found);
  return found;
}
