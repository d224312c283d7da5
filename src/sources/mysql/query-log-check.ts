import { PermanentError } from '../../errors/index.js';
import type { QueryLogOptions } from '../query-log.js';
import type { SourceContext } from '../source.js';
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
 * Whether the log can be read and has anything in it; asked once a run, before the first window.
 * @throws PermanentError with the statement that mends it
 */
export async function checkLog(
  session: MysqlSession,
  log: LogTable,
  { filterCondition }: QueryLogOptions,
  { onWarning }: SourceContext
): Promise<void> {
  await checkTable(session, log);
  if (filterCondition !== undefined && filterCondition.trim() !== '')
    await checkCondition(session, log, filterCondition);
  // A table of one's own is filled by other means.
  if (log.isOwn) await checkSettings(session, log, onWarning);
}

async function checkTable(session: MysqlSession, log: LogTable): Promise<void> {
  try {
    await session.query(probeTable(log));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const grants = await readGrants(session);
    const isGranted = allows(tablePrivileges(grants, log.schema, log.table), 'SELECT');
    const grant = `GRANT SELECT ON ${quotedTable(log)} TO ${quoteAccount(grants.account)};`;
    throw new PermanentError(`The query log ${quotedTable(log)} can't be read: ${error.message}`, {
      where: 'source.serviceConnection.config.queryHistoryTable',
      remedy: isGranted
        ? `It needs the columns of mysql.${log.kind}_log: ${LOG_COLUMNS[log.kind].join(', ')}.`
        : `Run ${grant} Or set processQueryLineage: false.`,
    });
  }
}

async function checkCondition(session: MysqlSession, log: LogTable, condition: string): Promise<void> {
  try {
    await session.query(probeCondition(log, condition));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(`The server does not take the filterCondition: ${error.message}`, {
      where: 'source.sourceConfig.config.filterCondition',
      remedy: `It stands in WHERE, in parentheses, over ${quotedTable(log)}: ${LOG_COLUMNS[log.kind].join(', ')}.`,
    });
  }
}

async function checkSettings(
  session: MysqlSession,
  log: LogTable,
  onWarning: SourceContext['onWarning']
): Promise<void> {
  const [settings] = await session.query(logSettings());
  const outputs = (settings?.output ?? '').toUpperCase().split(',');
  if (!outputs.includes('TABLE') || outputs.includes('NONE')) {
    throw new PermanentError(
      `The server does not write its logs into tables (log_output is ${settings?.output ?? 'unknown'}), so ${quotedTable(log)} has no queries.`,
      {
        where: 'source.serviceConnection.config.queryHistoryTable',
        remedy:
          "Run SET GLOBAL log_output = 'TABLE'; and keep it in the server's configuration. Or set processQueryLineage: false.",
      }
    );
  }
  const variable = log.kind === 'slow' ? 'slow_query_log' : 'general_log';
  const isOn = (log.kind === 'slow' ? settings?.slow : settings?.general) === 1;
  if (!isOn) onWarning(`${variable} is off: queries since then are not logged. Run SET GLOBAL ${variable} = ON;`);
}
