import { isCondition } from '../common/filter-condition.js';
import { PermanentError } from '../../errors/index.js';
import { checkCondition } from '../common/log-findings.js';
import type { QueryLogOptions } from '../query-log.js';
import type { CheckResult, SourceContext } from '../source.js';
import { checkInSession } from './check.js';
import type { PostgresConnectionConfig } from './config.js';
import { hiddenTexts, probe, statementLog, type StatementLog } from './query-log-statements.js';
import { quoteIdentifier } from '../common/quoted-name.js';
import type { PostgresSession } from './session.js';

type Condition = Pick<QueryLogOptions, 'filterCondition'>;

/** What a run needs from the query log, one line each, after the connection, the server's version and TLS. */
export function checkPostgresQueryLog(
  config: PostgresConnectionConfig,
  context: SourceContext,
  options: Condition
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, (session) => logFindings(session, config, options), 'default');
}

/** Which parts of the log can be read, one line each. */
export async function* logFindings(
  session: PostgresSession,
  config: PostgresConnectionConfig,
  { filterCondition }: Condition
): AsyncGenerator<CheckResult> {
  const base = { name: 'query log', mandatory: true } as const;
  let log: StatementLog;
  try {
    log = await statementLog(session, config);
    await session.query(probe(log));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    yield { ...base, passed: false, message: error.message, error, ...remedy };
    return;
  }
  yield { ...base, passed: true, message: `${log.path} can be read` };
  if (isCondition(filterCondition)) {
    const over = `the columns of ${log.path}, datname and usename`;
    yield await checkCondition(() => session.query(probe(log, filterCondition)), over);
  }
  const [found] = await session.query(hiddenTexts(log));
  const hidden = found?.hidden ?? 0;
  const right = { name: 'pg_read_all_stats', mandatory: false } as const;
  if (hidden === 0) yield { ...right, passed: true, message: 'no text is hidden' };
  else {
    const message = `Texts of other users in ${log.path} are hidden from this one: ${hidden}.`;
    const remedy = `GRANT pg_read_all_stats TO ${quoteIdentifier(config.username)};`;
    yield { ...right, passed: false, message, remedy, right: true };
  }
}
