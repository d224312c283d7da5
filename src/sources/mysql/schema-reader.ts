import type { SourceProblem, SourceRecord } from '../records.js';
import { SortedGroups } from '../common/sorted-groups.js';
import type { MetadataOptions, SchemaRef, Selection, SourceContext } from '../source.js';
import { StartedBatches } from '../common/started-batches.js';
import { buildTable, isView } from './build-table.js';
import { withHeadStart, type Started } from '../common/head-start.js';
import { LooseReferences, NO_NAMES } from './loose-references.js';
import { createViewText, mayHaveLostCharacters } from './view-text.js';
import * as factQueries from './fact-queries.js';
import * as queries from './queries.js';
import type { FactOf, FactRow } from './fact-queries.js';
import type { Names } from './name-conditions.js';
import type { TableRow } from './queries.js';
import type { MysqlSession } from './session.js';
import { showCreate } from './show-create.js';
import { countWords } from '../../contract/count-words.js';

/** Connections for reading three streams in parallel. */
export interface ReaderSessions {
  readonly tables: MysqlSession;
  readonly columns: MysqlSession;
  readonly facts: MysqlSession;
}

export interface TableRead {
  readonly ref: SchemaRef;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly names: Names;
  readonly context: SourceContext;
}

/**
 * Tables and views of a schema, from three sorted streams read in step: at most one table's rows are in memory. A
 * stream that breaks throws; only the server can say that a listing has ended.
 * @param control for short statements in between
 */
export async function* readTables(
  control: MysqlSession,
  sessions: ReaderSessions,
  read: TableRead
): AsyncGenerator<SourceRecord> {
  const { ref, selection, context } = read;
  const streams =
    sessions.tables === sessions.columns
      ? await readInTurn(sessions.tables, read)
      : await withHeadStart(control.place, context.signal, () => startStreams(sessions, read));
  const columns = new SortedGroups(streams.columns);
  const facts = new SortedGroups(streams.facts);
  const absent = new AbsentColumns(control, ref.schema);
  const references = new LooseReferences(control, ref.schema);
  let hiddenViews = 0;
  try {
    for await (const batch of streams.tables) {
      for (const table of batch) {
        const kind = isView(table) ? 'view' : 'table';
        const reason = await selection.table(ref.database, ref.schema, table.tableName, kind);
        if (reason !== undefined) {
          yield { kind: 'unselected', entity: 'table', name: table.tableName, reason };
          continue;
        }
        const columnRows = columns.takeHeld(table.tableName) ?? (await columns.take(table.tableName));
        if (columnRows.length === 0) {
          const problem = await absent.explain(table);
          if (problem !== undefined) yield problem;
          continue;
        }
        const factRows = facts.takeHeld(table.tableName) ?? (await facts.take(table.tableName));
        const hasReferences = factRows.some((fact) => fact.fact === 'reference');
        const definition =
          kind === 'view' || read.options.includeDDL ? await definitionOf(control, read, table, factRows) : undefined;
        if (kind === 'view' && table.tableType === 'VIEW' && definition === undefined) hiddenViews += 1;
        yield buildTable({
          table,
          columns: columnRows,
          facts: factRows,
          looseKeys: hasReferences ? await references.of(table.tableName) : NO_NAMES,
          definition,
        });
      }
    }
    await Promise.all([columns.drain(), facts.drain()]);
  } finally {
    await Promise.all([streams.tables.return(), columns.close(), facts.close()]);
  }
  if (hiddenViews > 0) {
    context.onWarning(
      `${ref.schema}: the text of ${countWords(hiddenViews, 'view', 'views')} is hidden from this user. Mend it by GRANT SHOW VIEW on the schema (om-ingest check prints the statement).`
    );
  }
}

interface ReadStreams {
  readonly tables: StartedBatches<TableRow>;
  readonly columns: StartedBatches<queries.ColumnRow>;
  readonly facts: StartedBatches<FactRow>;
}

/** The same lists over one connection, one after another: then all rows of a unit are in memory. */
async function readInTurn(session: MysqlSession, { ref: { schema }, options, names }: TableRead): Promise<ReadStreams> {
  const tables = await session.query(queries.tables(schema, names));
  const columns = await session.query(queries.columns(schema, names));
  const facts = await session.query(factQueries.facts(schema, names, session.version, options));
  return { tables: oneBatch(tables), columns: oneBatch(columns), facts: oneBatch(facts) };
}

function oneBatch<Row>(rows: readonly Row[]): StartedBatches<Row> {
  return new StartedBatches(
    (async function* () {
      yield rows;
    })()
  );
}

/** Sends the statements of a read. */
function startStreams(sessions: ReaderSessions, { ref, options, names }: TableRead): Started<ReadStreams> {
  const { schema } = ref;
  const tables = new StartedBatches(sessions.tables.rows(queries.tables(schema, names)));
  const columns = new StartedBatches(sessions.columns.rows(queries.columns(schema, names)));
  const facts = new StartedBatches(
    sessions.facts.rows(factQueries.facts(schema, names, sessions.facts.version, options))
  );
  return { value: { tables, columns, facts }, arrived: Promise.all([tables.arrived, columns.arrived, facts.arrived]) };
}

/** A view's SQL, or a table's DDL. */
async function definitionOf(
  control: MysqlSession,
  { ref, context }: TableRead,
  table: TableRow,
  facts: readonly FactRow[]
): Promise<string | undefined> {
  if (!isView(table)) {
    return showCreate(control, 'TABLE', ref.schema, table.tableName, (reason) => {
      context.onWarning(`${ref.schema}.${table.tableName}: its DDL can't be read by this user: ${reason}`);
    });
  }
  const view = facts.find((fact): fact is FactOf<'view'> => fact.fact === 'view');
  const text = view === undefined ? undefined : createViewText(ref.schema, view);
  if (text === undefined || !mayHaveLostCharacters(text)) return text;
  return (await showCreate(control, 'VIEW', ref.schema, table.tableName)) ?? text;
}

/** Tables without columns that are looked up again in one read; a lost grant must not cost one statement per table. */
const MOST_LOOK_UPS = 20;

/**
 * Why a listed table has no columns: a view over something that is gone, a broken table, a lost grant; or it was
 * dropped a moment ago, which isn't a problem.
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
