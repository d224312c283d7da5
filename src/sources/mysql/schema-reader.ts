import type { SourceProblem, SourceRecord } from '../records.js';
import { SortedGroups } from '../sorted-groups.js';
import type { MetadataOptions, SchemaRef, Selection, SourceContext } from '../source.js';
import { buildTable, isView } from './build-table.js';
import { oneAtATime } from './one-at-a-time.js';
import { createViewText, mayHaveLostCharacters } from './view-text.js';
import * as queries from './queries.js';
import type { FactOf, FactRow, TableRow } from './queries.js';
import type { MysqlSession, Statement } from './session.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import { showCreate } from './show-create.js';

/** Connections of one read for three streams side by side. */
export interface ReaderSessions {
  readonly tables: MysqlSession;
  readonly columns: MysqlSession;
  readonly facts: MysqlSession;
}

export interface TableRead {
  readonly ref: SchemaRef;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  /** Names up to this one are behind; `''` for all. */
  readonly after: string;
  readonly context: SourceContext;
}

/**
 * Tables and views of a schema, from three sorted streams read in step: what a table has never leaves more than one table's rows in memory. A
 * stream that breaks throws; nothing is taken for the end of a listing but the server's own word.
 * @param control for short statements before the streams and in between
 */
export async function* readTables(
  control: MysqlSession,
  open: () => Promise<ReaderSessions>,
  read: TableRead
): AsyncGenerator<SourceRecord> {
  const { ref, selection, after } = read;
  // The longest wait of a read: it begins before there are connections for the rest.
  const asked = factsOf(control, read);
  // Thrown where it is waited for; until then it must not count as unhandled.
  asked.catch(() => undefined);
  const sessions = await open().catch(async (error: unknown) => {
    await asked.catch(() => undefined);
    throw error;
  });
  const columns = new SortedGroups(sessions.columns.rows(queries.columns(ref.schema, after)));
  let facts: SortedGroups<FactRow> | undefined;
  const absent = new AbsentColumns(control, ref.schema);
  let hiddenViews = 0;
  try {
    const { statement, loose } = await asked;
    facts = new SortedGroups(sessions.facts.rows(statement));
    for await (const batch of sessions.tables.rows(queries.tables(ref.schema, after))) {
      for (const table of batch) {
        const kind = isView(table) ? 'view' : 'table';
        const reason = selection.table(ref.database, ref.schema, table.tableName, kind);
        if (reason !== undefined) {
          yield { kind: 'unselected', entity: 'table', name: table.tableName, reason };
          continue;
        }
        const columnRows = await columns.take(table.tableName);
        if (columnRows.length === 0) {
          const problem = await absent.explain(table);
          if (problem !== undefined) yield problem;
          continue;
        }
        const factRows = await facts.take(table.tableName);
        const definition =
          kind === 'view' || read.options.includeDDL ? await definitionOf(control, read, table, factRows) : undefined;
        if (kind === 'view' && table.tableType === 'VIEW' && definition === undefined) hiddenViews += 1;
        yield buildTable({
          table,
          columns: columnRows,
          facts: factRows,
          isLoose: (constraint) => loose.has(`${table.tableName}\n${constraint}`),
          definition,
        });
      }
    }
    await Promise.all([columns.drain(), facts.drain()]);
  } finally {
    await Promise.all([columns.close(), facts?.close()]);
  }
  if (hiddenViews > 0) {
    read.context.onWarning(
      `${ref.schema}: the text of ${hiddenViews} views is hidden from this user. Mend it by GRANT SHOW VIEW on the schema (om-ingest check prints the statement).`
    );
  }
}

/**
 * Whether the server opens every table of a schema to tell its foreign keys, under a lock of its own: two readers at once take longer than
 * one after the other, and one behind the other never wait for their rows at the same time. MySQL 8 keeps them in its data dictionary.
 */
function opensTables(version: ServerVersion): boolean {
  return version.flavour === 'MariaDB' || !isAtLeast(version, 8, 0);
}

/** The statement for the facts that this schema has, and its foreign keys that refer to columns without a unique key. */
async function factsOf(
  control: MysqlSession,
  { ref, after, options, context }: TableRead
): Promise<{ statement: Statement<FactRow>; loose: ReadonlySet<string> }> {
  const ask = (): Promise<queries.TraitRow[]> => control.query(queries.traits(ref.schema, control.version));
  const traits = opensTables(control.version) ? await oneAtATime(control.place, context.signal, ask) : await ask();
  const wanted = {
    references: traits.some((row) => row.trait === 'reference'),
    json: traits.some((row) => row.trait === 'json'),
    views: options.includeViews,
  };
  const statement = queries.facts(ref.schema, after, control.version, wanted);
  return { statement, loose: await looseReferences(control, ref.schema, traits) };
}

/** View text, or a table's DDL. */
async function definitionOf(
  control: MysqlSession,
  { ref, context }: TableRead,
  table: TableRow,
  facts: readonly FactRow[]
): Promise<string | undefined> {
  if (!isView(table)) {
    const ddl = await showCreate(control, 'TABLE', ref.schema, table.tableName);
    if (ddl === undefined) context.onWarning(`${ref.schema}.${table.tableName}: its DDL can't be read by this user.`);
    return ddl;
  }
  const view = facts.find((fact): fact is FactOf<'view'> => fact.fact === 'view');
  const text = view === undefined ? undefined : createViewText(ref.schema, view);
  if (text === undefined || !mayHaveLostCharacters(text)) return text;
  return (await showCreate(control, 'VIEW', ref.schema, table.tableName)) ?? text;
}

/** Foreign keys (`table\nconstraint`) that refer to columns without a unique key: rare, so the set is small. */
async function looseReferences(
  control: MysqlSession,
  schema: string,
  traits: readonly queries.TraitRow[]
): Promise<Set<string>> {
  const loose = new Set<string>();
  for (const { referredSchema, otherKeys } of traits) {
    if (referredSchema === null || otherKeys === 0) continue;
    const rows = await control.query(queries.looseReferences(schema, referredSchema));
    for (const row of rows) loose.add(`${row.tableName}\n${row.name}`);
  }
  return loose;
}

/** Tables without columns that are looked up again in one read; a lost grant must not cost a statement a table. */
const MOST_LOOK_UPS = 20;

/**
 * Why a listed table has no columns: a view over something that is gone, a broken table, a lost grant; or it was dropped a moment ago, which is
 * no problem.
 */
class AbsentColumns {
  readonly #control: MysqlSession;
  readonly #schema: string;
  #lookUps = 0;

  constructor(control: MysqlSession, schema: string) {
    this.#control = control;
    this.#schema = schema;
  }

  async explain(table: TableRow): Promise<SourceProblem | undefined> {
    if (this.#lookUps < MOST_LOOK_UPS) {
      this.#lookUps += 1;
      const [there] = await this.#control.query(queries.existing(this.#schema, 'table', [table.tableName]));
      if (there === undefined) return undefined;
    }
    const message = isView(table)
      ? 'the view is broken or its columns are hidden: it refers to something that is gone or that its definer or this user may not see.'
      : `none of its columns are visible to this user. Grant SELECT on its schema, or repair the table${table.engine === null ? ` (${table.comment})` : ''}.`;
    return { kind: 'problem', entity: 'table', name: table.tableName, message };
  }
}
