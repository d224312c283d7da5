import type { Cell } from '../condition.js';
import type {
  MeasureOptions,
  MeasureSession,
  MeasureSource,
  RowChanges,
  SchemaFacts,
  TableFacts,
} from '../measures.js';
import type { LogWindow } from '../query-log.js';
import type { SchemaRef, SourceContext } from '../source.js';
import type { SnowflakeConnectionConfig } from './config.js';
import { openConnection } from './session/connection.js';
import type { Driver } from './session/driver.js';
import { quoteName, quotePath } from './catalog/identifiers.js';
import { asNothingRuns } from '../common/nothing-runs.js';
import type { CurrentDatabase } from './current-database.js';
import { endLost } from './end-lost.js';
import { GatheredTags } from './gathered-tags.js';
import { LastingLogin, type Login } from './lasting-login.js';
import { snowflakeMeasureDialect } from './measure-dialect.js';
import { withTimesOfDay } from './time-of-day.js';
import { toCell } from './to-cell.js';
import { alterSession } from './catalog/queries.js';
import { readRowChanges } from './history/row-changes.js';
import type { HeldResult, Session, Statement } from './session/session.js';

/** So that the server is the first to end a statement at its time limit. */
const ANSWER_GRACE_MS = 5_000;

/** One login; statements of several units overlap in its session. */
export async function openSnowflakeMeasures(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions,
  driver?: Driver
): Promise<MeasureSource> {
  const logIn = async (): Promise<Session> => {
    const { session } = await openConnection(config, context, driver);
    try {
      await session.all(alterSession({ STATEMENT_TIMEOUT_IN_SECONDS: Math.ceil(statementTimeoutMs / 1000) }));
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  };
  const login = new LastingLogin(await logIn(), () => logIn().catch(asNothingRuns));
  const { accountUsageSchema, useAccessHistory } = config;
  const lost = new GatheredTags((tags, database) =>
    login.use(({ session }) => endLost(session, tags, database, context))
  );
  const windows = new Map<string, Promise<RowChanges>>();
  const changes = (window: LogWindow): Promise<RowChanges> => {
    const key = `${window.from} ${window.to}`;
    const { onWarning } = context;
    const read =
      windows.get(key) ??
      login.use(({ session }) => readRowChanges({ session, accountUsageSchema, useAccessHistory, window, onWarning }));
    windows.set(key, read);
    // a lost connection must not be the answer for the next caller
    read.catch(() => windows.delete(key));
    return read;
  };
  return {
    dialect: snowflakeMeasureDialect,
    facts: (schema) => login.use(({ session }) => readFacts(session, schema)),
    changes,
    session: async (own) =>
      measureSession(login, { context: own, answerTimeout: statementTimeoutMs + ANSWER_GRACE_MS }),
    endLost: (runTag, database) => lost.find(runTag, database),
    close: () => login.close(),
  };
}

/** Whose statements they are, and how long each may take. */
interface Work {
  readonly context: SourceContext;
  readonly answerTimeout: number;
}

/** @param database whose names users' SQL may leave unqualified; undefined for SQL of ours */
function measureSession(login: LastingLogin, work: Work, database?: string): MeasureSession {
  const ask = async ({ session, current }: Login, sql: string, limit: number): ReturnType<MeasureSession['query']> => {
    const own = session.forWork(work.context, work.answerTimeout);
    const open = (): Promise<HeldResult> => own.open({ sql, doing: 'measuring', numbersAsText: true });
    const answer = database === undefined ? await open() : await within(current, database, own, open);
    const result = await withTimesOfDay(own, answer, limit);
    const rows: Cell[][] = [];
    let columns = result.columns();
    const types = result.types();
    for await (const batch of result.batches(0))
      for (const row of batch) {
        if (rows.length >= limit) return { columns, rows };
        columns = row.names;
        rows.push(row.values.map((value, at) => toCell(value, types.get(columns[at] ?? ''))));
      }
    return { columns, rows };
  };
  const query: MeasureSession['query'] = (sql, limit) => login.use((opened) => ask(opened, sql, limit));
  return {
    query,
    rows: async (sql) => (await query(sql, Infinity)).rows,
    forUsersSql: (wanted) => measureSession(login, work, wanted.database),
    // The login outlives the unit.
    close: async () => undefined,
  };
}

/** As OpenMetadata's own profiler, which logs in to one database: it finds `schema.table`, and names of PUBLIC. */
async function within<T>(
  current: CurrentDatabase,
  database: string,
  session: Session,
  work: () => Promise<T>
): Promise<T> {
  const use = (): Promise<unknown> =>
    session.all({ sql: `USE DATABASE ${quoteName(database)}`, doing: `making ${database} the current database` });
  return current.within(database, { use, signal: session.context.signal }, work);
}

/** LAST_ALTERED moves with every change of rows, and with changes of the definition. */
async function readFacts(session: Session, { database, schema }: SchemaRef): Promise<SchemaFacts> {
  const tables = new Map<string, TableFacts>();
  let asOf = Date.now();
  for await (const row of session.stream(tableFacts(database, schema))) {
    asOf = Math.floor(row.optionalNumber('AS_OF_MS') ?? asOf);
    const name = row.text('TABLE_NAME');
    const isView = (row.optionalText('TABLE_TYPE') ?? '').includes('VIEW');
    const [rows, bytes] = [row.optionalNumber('ROW_COUNT'), row.optionalNumber('BYTES')];
    const [createdAt, altered] = [row.optionalNumber('CREATED_MS'), row.optionalNumber('ALTERED_MS')];
    const isExternal = (row.optionalText('TABLE_TYPE') ?? '').includes('EXTERNAL');
    tables.set(name, {
      table: name,
      isView,
      rowsAreExact: true,
      ...(rows === undefined || isView ? {} : { rows }),
      ...(bytes === undefined || isView ? {} : { bytes }),
      ...(createdAt === undefined ? {} : { createdAt }),
      // A millisecond is the smallest span that is read.
      ...(altered === undefined || isView || isExternal ? {} : { changed: { time: Math.floor(altered) + 1 } }),
    });
  }
  return { asOf, tables, areAll: true };
}

function tableFacts(database: string, schema: string): Statement {
  return {
    sql: `SELECT TABLE_NAME, TABLE_TYPE, ROW_COUNT, BYTES, DATE_PART(EPOCH_MILLISECOND, CREATED) AS CREATED_MS,
  DATE_PART(EPOCH_MILLISECOND, LAST_ALTERED) AS ALTERED_MS, DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP()) AS AS_OF_MS
FROM ${quotePath(database, 'INFORMATION_SCHEMA')}.TABLES WHERE TABLE_SCHEMA = ?`,
    binds: [schema],
    doing: `reading what the catalog says of the tables of ${database}.${schema}`,
  };
}
