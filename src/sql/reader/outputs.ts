import type { Cte, Query, Relation, SelectItem, Source, Statement } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readItems } from './items.js';
import { readColumnList, readName } from './names.js';

/** T-SQL's `OUTPUT inserted.a, deleted.b INTO log (x, y)`. */
export interface Output {
  readonly items: readonly SelectItem[];
  readonly target: Source;
  readonly columns: readonly string[];
}

/** Reads an OUTPUT clause if one is at the cursor; `undefined` for one that only shows its rows. */
export function readOutput(cursor: Cursor): Output | undefined {
  if (!cursor.take('output')) return undefined;
  const items = readItems(cursor);
  if (!cursor.take('into')) return undefined;
  const target = readName(cursor);
  const columns = readColumnList(cursor);
  return target === undefined ? undefined : { items, target, columns };
}

/** OUTPUT … INTO as a statement of its own: what was changed goes into a second table. */
export function outputInto(output: Output, changed: Cte | Relation): Statement {
  const isCte = !('kind' in changed);
  const from: Relation = isCte ? { kind: 'table', source: [{ text: changed.name, quoted: false }] } : changed;
  const query: Query = {
    kind: 'query',
    ctes: isCte ? [changed] : [],
    recursive: false,
    body: {
      kind: 'select',
      items: isCte ? output.items : [],
      from: [from],
      using: [],
      conditions: [],
      windows: new Map(),
    },
    tail: [],
  };
  const { target, columns } = output;
  return { kind: 'insert', target, columns, fixedColumns: [], byName: false, extras: [], query };
}
