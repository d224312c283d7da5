import { isCondition } from '../common/filter-condition.js';
import { PermanentError } from '../../errors/index.js';
import { checkCondition, warnOfFindings } from '../common/log-findings.js';
import type { QueryLogOptions } from '../query-log.js';
import type { CheckResult, SourceContext } from '../source.js';
import { allows, quoteAccount, readGrants, tablePrivileges } from './grants.js';
import {
  LOG_COLUMNS,
  logSettings,
  probeCondition,
  probeTable,
  quotedTable,
  type LogTable,
} from './query-log-statements.js';
import type { MysqlSession } from './session.js';

/**
 * Whether the log can be read and has anything in it; called once per run, before the first window.
 * @throws PermanentError with the statement that fixes it
 */
export async function checkLog(
  session: MysqlSession,
  log: LogTable,
  options: Pick<QueryLogOptions, 'filterCondition'>,
  context: SourceContext,
  reader: 'lineage' | 'usage'
): Promise<void> {
  await warnOfFindings(logFindings(session, log, options), context, reader);
}

/**
 * What a run needs from the log, one finding each: the table, the recipe's condition, what the server writes into it.
 */
export async function* logFindings(
  session: MysqlSession,
  log: LogTable,
  { filterCondition }: Pick<QueryLogOptions, 'filterCondition'>
): AsyncGenerator<CheckResult> {
  const table = await checkTable(session, log);
  yield table;
  if (table.passed && isCondition(filterCondition)) {
    const over = `${quotedTable(log)}: ${LOG_COLUMNS[log.kind].join(', ')}`;
    yield await checkCondition(() => session.query(probeCondition(log, filterCondition)), over);
  }
  // a user's own table is filled by other means
  if (!log.isOwn) return;
  const [settings] = await session.query(logSettings());
  yield checkOutput(log, settings?.output);
  yield checkSwitch(log, (log.kind === 'slow' ? settings?.slow : settings?.general) === 1);
}

async function checkTable(session: MysqlSession, log: LogTable): Promise<CheckResult> {
  const name = 'query log';
  try {
    await session.query(probeTable(log));
    return { name, passed: true, mandatory: true, message: `${quotedTable(log)} can be read` };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const grants = await readGrants(session);
    const isGranted = allows(tablePrivileges(grants, log.schema, log.table), 'SELECT');
    const grant = `GRANT SELECT ON ${quotedTable(log)} TO ${quoteAccount(grants.account)};`;
    const message = `The query log ${quotedTable(log)} can't be read: ${error.message}`;
    const place = 'source.serviceConnection.config.queryHistoryTable';
    return isGranted
      ? failed(
          name,
          message,
          place,
          `It needs the columns of mysql.${log.kind}_log: ${LOG_COLUMNS[log.kind].join(', ')}.`
        )
      : failed(name, message, place, grant, `Run ${grant}`);
  }
}

/** `log_output` names where the server writes its logs: FILE, TABLE, both, or NONE, which wins. */
function checkOutput(log: LogTable, output: string | undefined): CheckResult {
  const name = 'log_output';
  const outputs = (output ?? '').toUpperCase().split(',');
  if (outputs.includes('TABLE') && !outputs.includes('NONE'))
    return { name, passed: true, mandatory: true, message: `${output ?? ''}: the server writes its logs into tables` };
  const statement = "SET GLOBAL log_output = 'TABLE';";
  return failed(
    name,
    `The server does not write its logs into tables (log_output is ${output ?? 'unknown'}), so ${quotedTable(log)} has no queries.`,
    'source.serviceConnection.config.queryHistoryTable',
    statement,
    `Run ${statement} and keep it in the server's configuration.`
  );
}

function checkSwitch(log: LogTable, isOn: boolean): CheckResult {
  const variable = log.kind === 'slow' ? 'slow_query_log' : 'general_log';
  const base = { name: variable, mandatory: false } as const;
  if (isOn) return { ...base, passed: true, message: 'on' };
  const message = `${variable} is off: queries since then are not logged.`;
  return { ...base, passed: false, message, remedy: `SET GLOBAL ${variable} = ON;` };
}

/** @param advice what a failed run says, if that is more than the statement itself */
function failed(name: string, message: string, where: string, remedy: string, advice = remedy): CheckResult {
  const error = new PermanentError(message, { where, remedy: advice });
  return { name, passed: false, mandatory: true, message, remedy, error };
}
