import type { Statement } from '../statement-tree.js';
import type { Query, SelectItem, Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readItems } from './items.js';
import { readColumnList, readName } from './names.js';
import { startsQuery } from './queries.js';

/** T-SQL's `OUTPUT inserted.a, deleted.b INTO log (x, y)`. */
export interface Output {
  readonly items: readonly SelectItem[];
  readonly target: Source;
  readonly columns: readonly string[];
}

/** Reads the OUTPUT clauses at the cursor; `undefined` when all of them only show their rows. */
export function readOutput(cursor: Cursor): Output | undefined {
  let output: Output | undefined;
  while (cursor.take('output')) {
    const items = readItems(cursor);
    if (!cursor.take('into')) continue;
    const target = readName(cursor);
    // what is inserted may stand in brackets, too
    const columns = startsQuery(cursor, cursor.at + 1) ? [] : readColumnList(cursor);
    if (target !== undefined) output = { items, target, columns };
  }
  return output;
}

/** OUTPUT … INTO as a statement of its own: what was changed goes into a second table. */
export function outputInto({ target, columns }: Output, query: Query): Statement {
  return { kind: 'insert', target, columns, fixedColumns: [], byName: false, extras: [], query };
}
