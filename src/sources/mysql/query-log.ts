import { z } from 'zod';
import type { LogCursor, LogRecord, LogWindow, QueryLogOptions, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { databaseOf } from './metadata.js';
import { checkLog } from './query-log-check.js';
import { RowNumbers, toLogged } from './query-log-rows.js';
import { countTexts, logTable, quotedTable, readTexts, type LogTable } from './query-log-statements.js';
import { ThreadSchemas } from './query-log-threads.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** Behind the text number `row` of the window, which ran `at`; texts before `skip` were cut off by resultLimit. */
const cursorModel = z.object({ row: z.number(), skip: z.number(), first: z.string(), at: z.string() });

/**
 * The query log that the server keeps in a table: `mysql.general_log`, `mysql.slow_log`, or a copy of one of them. The table has no index, so
 * the whole range is one window and one pass. A retry passes over the same rows again and goes on behind its cursor.
 */
export async function openMysqlQueryLog(
  config: MysqlConnectionConfig,
  context: SourceContext
): Promise<QueryLogSource> {
  const log = logTable(config);
  const session = await MysqlSession.open({ ...(await mysqlSettings(config)), timeZone: 'server' }, context);
  const database = databaseOf(config);
  return {
    windows: async (range, options) => {
      await checkLog(session, log, options, context);
      return [{ ...range, log: `${log.kind}_log` }];
    },
    read: (window, options, after) => readLog({ session, log, database, context }, window, options, after),
    close: () => session.close(),
  };
}

interface OpenLog {
  readonly session: MysqlSession;
  readonly log: LogTable;
  readonly database: string;
  readonly context: SourceContext;
}

async function* readLog(
  { session, log, database, context }: OpenLog,
  window: LogWindow,
  options: QueryLogOptions,
  after: LogCursor | undefined
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const behind = after === undefined ? undefined : cursorModel.parse(after);
  const { resultLimit } = options;
  const skip = behind?.skip ?? (await textsOverLimit(session, log, window, options, context));
  const end = resultLimit > 0 ? skip + resultLimit : Infinity;
  const threads = new ThreadSchemas();
  const rows = new RowNumbers(behind, () =>
    context.onWarning(
      `${quotedTable(log)} was emptied or rotated while it was read: texts that were in it and not read yet are lost.`
    )
  );
  for await (const batch of session.rows(readTexts(log, window, options))) {
    for (const row of batch) {
      if (row.wanted === 0) {
        threads.follow(row.thread, row.command, row.body);
        continue;
      }
      const number = rows.next(row);
      if (number === undefined || number <= skip || number > end) continue;
      const schema = log.kind === 'slow' ? (row.db ?? undefined) : threads.schemaOf(row.thread);
      const query = toLogged(row, database, schema === '' ? undefined : schema);
      yield { record: { kind: 'query', ...query }, cursor: { row: number, skip, first: rows.first, at: row.at } };
    }
  }
}

/** How many of the oldest texts resultLimit leaves out. Counted once a window; the cursor carries it on. */
async function textsOverLimit(
  session: MysqlSession,
  log: LogTable,
  window: LogWindow,
  options: QueryLogOptions,
  { onWarning }: SourceContext
): Promise<number> {
  if (options.resultLimit === 0) return 0;
  const [counted] = await session.query(countTexts(log, window, options));
  const texts = counted?.texts ?? 0;
  if (texts <= options.resultLimit) return 0;
  onWarning(
    `${quotedTable(log)} has ${texts} texts that may carry lineage; resultLimit reads the newest ${options.resultLimit} of them. 0 reads all.`
  );
  return texts - options.resultLimit;
}
