import { countWords } from '../../contract/count-words.js';
import { PermanentError } from '../../errors/index.js';
import { dayText } from '../common/utc-text.js';
import type { LogCursor, LogRecord, LogWindow, QueryLogOptions, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { readAccessHistory } from './history/access-history.js';
import type { SnowflakeConnectionConfig } from './config.js';
import { openConnection } from './session/connection.js';
import { readLoads } from './history/copy-history.js';
import type { Driver } from './session/driver.js';
import { procedureOf } from './history/query-log-names.js';
import { readLogRows } from './history/query-log-result.js';
import { readHistory } from './history/query-log-statements.js';
import { ACCESS_HISTORY, COPY_HISTORY, planWindows, QUERY_HISTORY } from './history/query-log-windows.js';
import type { Row } from './session/row.js';
import type { Session } from './session/session.js';

/**
 * The query log in the account usage views: edges from ACCESS_HISTORY where it can be read, else statements from
 * QUERY_HISTORY. One statement per window; a retry fetches the same result again by the statement's id.
 * @param driver a stand-in for snowflake-sdk
 * @throws AuthenticationError, PermanentError or TransientError
 */
export async function openSnowflakeQueryLog(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  driver?: Driver
): Promise<QueryLogSource> {
  const { session, identity } = await openConnection(config, context, driver);
  return {
    windows: (range, options) => planWindows({ session, config, role: identity.role, range, options }),
    read: (window, options, after) => readWindow(session, config.accountUsageSchema, window, options, after),
    close: () => session.close(),
  };
}

async function* readWindow(
  session: Session,
  accountUsageSchema: string,
  window: LogWindow,
  options: QueryLogOptions,
  after: LogCursor | undefined
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const [log = '', newest] = window.log.split(':');
  switch (log) {
    case ACCESS_HISTORY:
      yield* readAccessHistory(session, accountUsageSchema, window, options, after);
      return;
    case COPY_HISTORY:
      yield* readLoads(session, accountUsageSchema, window, after);
      return;
    case QUERY_HISTORY:
      break;
    default:
      throw new PermanentError(`Snowflake has no query log ${window.log}.`);
  }
  const rows = readLogRows({
    session,
    statement: (after) =>
      readHistory(accountUsageSchema, window, options, newest === undefined ? undefined : Number(newest), after),
    keyOf: (row) => ({ at: row.optionalNumber('STARTED_MS') ?? 0, id: row.text('QUERY_ID') }),
    after,
  });
  let untold = 0;
  for await (const { row, cursor } of rows) {
    const text = row.optionalText('QUERY_TEXT');
    if (text === undefined) untold += 1;
    else yield { record: toQuery(row, text), cursor };
  }
  if (untold > 0) session.context.onWarning(untoldText(untold, window));
}

function untoldText(count: number, { from }: LogWindow): string {
  const statements = countWords(count, 'statement', 'statements');
  return `QUERY_HISTORY of ${dayText(from)} has ${statements} without a text: no lineage comes from ${count === 1 ? 'it' : 'them'}.`;
}

function toQuery(row: Row, text: string): LogRecord {
  const [database, schema] = [row.optionalText('DATABASE_NAME'), row.optionalText('SCHEMA_NAME')];
  const [user, queryType] = [row.optionalText('USER_NAME'), row.optionalText('QUERY_TYPE')];
  const [startedAt, durationMs] = [row.optionalNumber('STARTED_MS'), row.optionalNumber('TOTAL_ELAPSED_TIME')];
  const procedure = procedureOf(row);
  return {
    kind: 'query',
    text,
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(user === undefined ? {} : { user }),
    ...(queryType === undefined ? {} : { queryType }),
    ...(procedure === undefined ? {} : { procedure }),
  };
}
