import { warnOfFindings } from '../common/log-findings.js';
import type { LogCursor, LoggedQuery, LogRecord, QueryLogOptions, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { PostgresConnectionConfig } from './config.js';
import { logFindings } from './query-log-check.js';
import { LINEAGE_PATTERNS, readStatements, statementLog, type CountedText } from './query-log-statements.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** Unqualified names are looked up here: the log knows no search_path. */
const DEFAULT_SCHEMA = 'public';

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
      await warnOfFindings(logFindings(session, config, options), context, 'lineage');
      return [{ ...range, log: 'statements' }];
    },
    read: (_window, options, after) => readLog(session, config, options, after, context),
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

/** The statement with whose key a cursor was made; `''` comes before every key. */
export function keyOf(after: LogCursor | undefined): string {
  return String(after?.['key'] ?? '');
}

/** What a counted text says of where and by whom it was run. */
export function toLogged({ body, database, account }: CountedText): LoggedQuery {
  return { text: body, database, schema: DEFAULT_SCHEMA, ...(account === null ? {} : { user: account }) };
}

async function* readLog(
  session: PostgresSession,
  config: PostgresConnectionConfig,
  { filterCondition, resultLimit }: QueryLogOptions,
  after: LogCursor | undefined,
  { onWarning }: SourceContext
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const log = await statementLog(session, config);
  const filter = { patterns: LINEAGE_PATTERNS, condition: filterCondition, limit: resultLimit };
  let warned = after !== undefined;
  for await (const batch of session.rows(readStatements(log, filter, keyOf(after)))) {
    for (const row of batch) {
      if (row.more && !warned) {
        warned = true;
        onWarning(
          `${log.path} has more texts that may carry lineage than resultLimit: the ${resultLimit} that took the most time are read. 0 reads all.`
        );
      }
      const took = row.calls > 0 ? { durationMs: Math.round(row.time / row.calls) } : {};
      yield { record: { kind: 'query', ...toLogged(row), ...took }, cursor: { key: row.key } };
    }
  }
}
