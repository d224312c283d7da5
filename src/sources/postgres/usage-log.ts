import { warnOfFindings } from '../common/log-findings.js';
import type { LogCursor, UsageLogOptions, UsageLogSource, UsageRecord } from '../query-log.js';
import type { CheckResult, SourceContext } from '../source.js';
import { checkInSession } from './check.js';
import type { PostgresConnectionConfig } from './config.js';
import { logFindings } from './query-log-check.js';
import { keyOf, openLogSession, toLogged } from './query-log.js';
import { statementLog } from './query-log-statements.js';
import type { PostgresSession } from './session.js';
import { pushedOut, readCounters, SEES_ALL } from './usage-log-statements.js';

/**
 * The counters of pg_stat_statements, or of what queryStatementSource names, in one window: they have no times, and
 * failed runs are not in them. The window's name says whether the statements of others are: `counters:all`,
 * `counters:own`.
 */
export async function openPostgresUsageLog(
  config: PostgresConnectionConfig,
  context: SourceContext
): Promise<UsageLogSource> {
  const session = await openLogSession(config, context);
  return {
    lagMs: 0,
    windows: async (range, options) => {
      await warnOfFindings(logFindings(session, config, options), context, 'usage');
      const [sight] = await session.query(SEES_ALL);
      return [{ ...range, log: `counters:${sight?.all === true ? 'all' : 'own'}`, counters: true }];
    },
    read: (_window, options, after) => readLog(session, config, options, after),
    close: () => session.close(),
  };
}

/** What a usage run needs from it, one line each. */
export function checkPostgresUsageLog(
  config: PostgresConnectionConfig,
  context: SourceContext,
  options: UsageLogOptions
): AsyncIterable<CheckResult> {
  const findings = async function* (session: PostgresSession): AsyncGenerator<CheckResult> {
    let isThere = true;
    for await (const finding of logFindings(session, config, options)) {
      isThere &&= finding.passed || !finding.mandatory;
      yield finding;
    }
    if (isThere) yield* checkRoom(session, config);
  };
  return checkInSession(config, context, findings, 'default');
}

/** Statements that are pushed out lose what they counted since the run before. */
async function* checkRoom(session: PostgresSession, config: PostgresConnectionConfig): AsyncGenerator<CheckResult> {
  const log = await statementLog(session, config);
  if (log.info === undefined) return;
  const [found] = await session.query(pushedOut(log.info));
  if (found === undefined) return;
  const base = { name: 'pg_stat_statements.max', mandatory: false, passed: found.times === 0 } as const;
  if (base.passed) yield { ...base, message: 'no statement was pushed out' };
  else {
    const message = `statements were pushed out for others (how often since ${found.since}: ${found.times}): what they counted since the run before is lost`;
    yield { ...base, message, remedy: `Raise pg_stat_statements.max (${found.most ?? 5000}) and restart the server.` };
  }
}

async function* readLog(
  session: PostgresSession,
  config: PostgresConnectionConfig,
  { filterCondition }: UsageLogOptions,
  after: LogCursor | undefined
): AsyncGenerator<{ record: UsageRecord; cursor: LogCursor }> {
  const log = await statementLog(session, config);
  for await (const batch of session.rows(readCounters(log, { condition: filterCondition }, keyOf(after)))) {
    for (const row of batch) {
      const { key, calls, time, since, readAt } = row;
      const counted = { key, calls, durationMs: Math.round(time), readAt, ...(since === null ? {} : { since }) };
      yield { record: { kind: 'counter', ...toLogged(row), ...counted }, cursor: { key } };
    }
  }
}
