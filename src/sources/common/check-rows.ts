import type { CheckResult, Selection } from '../source.js';
import { countWords } from '../../contract/count-words.js';

/** A table or view whose rows the user may not read. */
export interface ClosedTable {
  readonly schema: string;
  readonly name: string;
  readonly view: boolean;
  /** Whether USAGE on its schema and SELECT on itself are granted. */
  readonly usage: boolean;
  readonly select: boolean;
}

/** How one engine grants rights on rows. */
export interface RowGrants {
  readonly database: string;
  readonly username: string;
  /** The role that may read all rows. */
  readonly everything: string;
  readonly quote: (name: string) => string;
}

/** Schemas, and tables of a schema, that are named; the rest is summed up. */
const MOST_NAMED = 10;

/**
 * What profiles and tests need besides the catalogue: USAGE on schemas, SELECT on the selected tables. A line for each
 * schema that lacks it.
 * @param closedTables of the database, schema by schema
 */
export async function* checkRows(
  closedTables: AsyncIterable<readonly ClosedTable[]>,
  { database, username, everything, quote }: RowGrants,
  selection: Selection | undefined
): AsyncGenerator<CheckResult> {
  const bySchema = new Map<string, ClosedTable[]>();
  for await (const batch of closedTables) {
    for (const row of batch) {
      if ((await selection?.schema(database, row.schema)) !== undefined) continue;
      if ((await selection?.table(database, row.schema, row.name, row.view ? 'view' : 'table')) !== undefined) continue;
      bySchema.set(row.schema, [...(bySchema.get(row.schema) ?? []), row]);
    }
  }
  const grantee = quote(username);
  const failed = { mandatory: false, passed: false, right: true } as const;
  for (const [schema, tables] of [...bySchema].slice(0, MOST_NAMED)) {
    const path = quote(schema);
    if (tables[0]?.usage === false) {
      const message = `USAGE is not granted on schema ${schema} of database ${database}: no row of it can be read`;
      yield { ...failed, name: 'USAGE', message, remedy: `GRANT USAGE ON SCHEMA ${path} TO ${grantee};` };
    }
    const closed = tables.filter(({ select }) => !select).map(({ name }) => name);
    if (closed.length === 0) continue;
    const few = closed.slice(0, MOST_NAMED);
    const more = closed.length > few.length ? ` and ${closed.length - few.length} more` : '';
    const message = `SELECT is not granted in schema ${schema} of database ${database} on ${few.join(', ')}${more}: their rows can't be read`;
    const what = more === '' ? few.map((name) => `${path}.${quote(name)}`).join(', ') : `ALL TABLES IN SCHEMA ${path}`;
    yield { ...failed, name: 'SELECT', message, remedy: `GRANT SELECT ON ${what} TO ${grantee};` };
  }
  const others = bySchema.size - MOST_NAMED;
  if (others > 0) {
    yield {
      ...failed,
      name: 'SELECT',
      message: `nor in ${countWords(others, 'more schema', 'more schemas')} of database ${database}`,
      remedy: `GRANT ${everything} TO ${grantee};`,
    };
  }
  if (bySchema.size === 0)
    yield { name: 'SELECT', mandatory: false, passed: true, message: `granted in database ${database}` };
}
