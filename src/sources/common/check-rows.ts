import { z } from 'zod';
import type { CheckResult, Selection } from '../source.js';
import { countWords } from '../../contract/count-words.js';

/** A table or view whose rows the user may not read, or not all of them. */
export const closedTable = z.object({
  schema: z.string(),
  name: z.string(),
  view: z.boolean(),
  /** Whether USAGE on its schema and SELECT on itself are granted. */
  usage: z.boolean(),
  select: z.boolean(),
  /** Policies let the user see only some rows, or none. */
  hides: z.boolean(),
});
type ClosedTable = z.infer<typeof closedTable>;

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
  const hiding: string[] = [];
  for await (const batch of closedTables) {
    for (const row of batch) {
      if ((await selection?.schema(database, row.schema)) !== undefined) continue;
      if ((await selection?.table(database, row.schema, row.name, row.view ? 'view' : 'table')) !== undefined) continue;
      if (row.hides) hiding.push(`${row.schema}.${row.name}`);
      if (!row.usage || !row.select) bySchema.set(row.schema, [...(bySchema.get(row.schema) ?? []), row]);
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
    const message = `SELECT is not granted in schema ${schema} of database ${database} on ${fewOf(closed)}: their rows can't be read`;
    const what =
      closed.length <= MOST_NAMED
        ? closed.map((name) => `${path}.${quote(name)}`).join(', ')
        : `ALL TABLES IN SCHEMA ${path}`;
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
  if (hiding.length > 0)
    yield {
      ...{ name: 'row-level security', mandatory: false, passed: false },
      message: `policies decide which rows are read in database ${database} of ${fewOf(hiding)}: profiles and tests see no others`,
      remedy: `If they are to see all: ALTER ROLE ${grantee} BYPASSRLS; (of a view, its owner), or a policy for all rows.`,
    };
}

function fewOf(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
