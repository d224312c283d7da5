import { z } from 'zod';
import type { LogCursor, LogRecord, QueryLogOptions, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { PostgresConnectionConfig } from './config.js';
import { warnOfLog } from './query-log-check.js';
import { LINEAGE_PATTERNS, readStatements, statementLog, type StatementLog } from './query-log-statements.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** After the statement with this key. */
const cursorModel = z.object({ key: z.string() });

/** Unqualified names are looked up here: the log knows no search_path. */
export const DEFAULT_SCHEMA = 'public';

/**
 * Statements that the server counts (pg_stat_statements), each once. They have no times: all are read as one window,
 * whatever the range.
 */
export async function openPostgresQueryLog(
  config: PostgresConnectionConfig,
  context: SourceContext
): Promise<QueryLogSource> {
  const session = await openLogSession(config, context);
  return {
    windows: async (range, options) => {
      await warnOfLog(session, config, options, context);
      return [{ ...range, log: 'statements' }];
    },
    read: async function* (_window, options, after) {
      yield* readLog(session, config, await statementLog(session, config), options, after, context);
    },
    close: () => session.close(),
  };
}

/** A session in which names of the log are looked up as users do. */
export async function openLogSession(
  config: PostgresConnectionConfig,
  context: SourceContext
): Promise<PostgresSession> {
  const settings = { ...(await postgresSettings(config)), searchPath: 'default' as const };
  return PostgresSession.open(settings, context, config.database);
}

async function* readLog(
  session: PostgresSession,
  config: PostgresConnectionConfig,
  log: StatementLog,
  { filterCondition, resultLimit }: QueryLogOptions,
  after: LogCursor | undefined,
  { onWarning }: SourceContext
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const filter = {
    ...(config.ingestAllDatabases ? {} : { database: config.database }),
    patterns: LINEAGE_PATTERNS,
    condition: filterCondition,
    limit: resultLimit,
  };
  let warned = after !== undefined;
  for await (const batch of session.rows(
    readStatements(log, filter, after === undefined ? '' : cursorModel.parse(after).key)
  )) {
    for (const { key, database, account, body, calls, time, more } of batch) {
      if (more && !warned) {
        warned = true;
        onWarning(
          `${log.path} has more texts that may carry lineage than resultLimit: the ${resultLimit} that took the most time are read. 0 reads all.`
        );
      }
      const query = {
        text: body,
        database,
        schema: DEFAULT_SCHEMA,
        ...(calls > 0 ? { durationMs: Math.round(time / calls) } : {}),
        ...(account === null ? {} : { user: account }),
      };
      yield { record: { kind: 'query', ...query }, cursor: { key } };
    }
  }
}
