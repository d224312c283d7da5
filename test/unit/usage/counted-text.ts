import { TableFinder } from '../../../src/lineage/index.js';
import type { NameFolding } from '../../../src/sources/index.js';
import type { Dialect, ParserPool } from '../../../src/sql/index.js';
import { parseTexts } from '../../../src/usage/parse-groups.js';
import type { EdgesCatalog } from '../lineage/catalog.js';

export interface CountedText {
  /** With how each was used. */
  readonly tables: readonly string[];
  readonly joins: readonly string[];
  readonly unknown: readonly string[];
}

export interface CountedWith {
  readonly om: EdgesCatalog;
  readonly pool: ParserPool;
  readonly dialect: Dialect;
  readonly folding: NameFolding;
  readonly exactNames?: true | undefined;
}

/** What a text counts for that ran once in `db.public` of the service `s`; names are told without `prefix`. */
export async function countedText(text: string, prefix: string, counting: CountedWith): Promise<CountedText> {
  const { om, pool, dialect, folding, exactNames } = counting;
  const { signal } = new AbortController();
  const finder = new TableFinder(om.client, ['s'], { dialect, folding }, signal);
  const group = {
    ...{ text, masked: text, database: 'db', schema: 'public', users: [], newest: { at: 0 } },
    days: [{ day: 0, runs: 1, timed: 0, durationMs: 0, priced: 0, cost: 0 }],
    ...(exactNames === undefined ? {} : { exactNames }),
  };
  const { lines, tally } = await parseTexts([group], { pool, finder, dialect, signal });
  const short = (fqn: string): string => fqn.replace(prefix, '');
  return {
    tables: lines.flatMap(({ tables }) => tables.map(({ fqn, uses }) => `${short(fqn)} ${uses.join('+')}`)),
    joins: lines.flatMap(({ joins }) =>
      joins.map(({ left, column, other }) => `${short(left)}.${column} ${short(other)}`)
    ),
    unknown: Object.keys(tally.unknown),
  };
}
