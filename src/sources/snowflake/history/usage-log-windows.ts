import { isCondition } from '../../common/filter-condition.js';
import { PermanentError } from '../../../errors/index.js';
import type { LogWindow, UsageLogOptions } from '../../query-log.js';
import type { CheckResult, SourceContext } from '../../source.js';
import { probeAccess } from './access-history-statements.js';
import { checkInSession, failed, passed } from '../session/check-session.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import type { Driver } from '../session/driver.js';
import { accountUsageRemedy } from '../catalog/grants.js';
import { HISTORY_COLUMNS, probeHistory } from './query-log-statements.js';
import type { Session, Statement } from '../session/session.js';
import { probeHashes, probeUsageCondition, probeUsers } from './usage-log-statements.js';

const DAY_MS = 24 * 3_600_000;

export interface PlanUsageInput {
  readonly session: Session;
  readonly config: SnowflakeConnectionConfig;
  readonly role: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly options: UsageLogOptions;
}

/** What a view is for; without it a run makes do with less. */
interface Need {
  readonly view: string;
  readonly probe: Statement;
  readonly without: string;
}

/**
 * Windows of as many days as the recipe's accessHistoryChunkSize; their name says what can be read
 * (`uses+access+users`), so that it is only asked for once per run.
 * @throws PermanentError when there is nothing to count
 */
export async function planUsageWindows(input: PlanUsageInput): Promise<readonly LogWindow[]> {
  const { session, config, role, range, options } = input;
  const schema = config.accountUsageSchema;
  await mustRead(session, probeHashes(schema), schema, role);
  if (isCondition(options.filterCondition)) await tryCondition(session, schema, options.filterCondition);
  const parts = ['uses'];
  if (config.useAccessHistory && (await canRead(session, schema, role, accessNeed(schema)))) parts.push('access');
  if (await canRead(session, schema, role, usersNeed(schema))) parts.push('users');
  const windows: LogWindow[] = [];
  const length = config.accessHistoryChunkSize * DAY_MS;
  for (let from = range.from; from < range.to; from += length)
    windows.push({ from, to: Math.min(from + length, range.to), log: parts.join('+') });
  return windows;
}

/** What a usage run needs from the account usage views; one that can't be read comes with the grant for it. */
export function checkSnowflakeUsageLog(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  { filterCondition }: UsageLogOptions,
  driver?: Driver
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, driver, async function* (session, { role }) {
    const schema = config.accountUsageSchema;
    const history = { view: 'QUERY_HISTORY', probe: probeHistory(schema), without: 'there is nothing to count' };
    const hashes = { ...history, probe: probeHashes(schema) };
    // the same view: its own columns first, then the one that some copies of it lack
    const readable = await finding(session, schema, role, history, true);
    yield readable.passed ? await finding(session, schema, role, hashes, true) : readable;
    if (config.useAccessHistory) yield await finding(session, schema, role, accessNeed(schema), false);
    yield await finding(session, schema, role, usersNeed(schema), false);
    if (!isCondition(filterCondition)) return;
    try {
      await tryCondition(session, schema, filterCondition);
      yield passed('filterCondition', true, 'Snowflake takes it.');
    } catch (error) {
      session.context.signal.throwIfAborted();
      yield failed('filterCondition', true, error);
    }
  });
}

function accessNeed(schema: string): Need {
  return {
    view: 'ACCESS_HISTORY',
    probe: probeAccess(schema),
    without:
      'tables are read from the texts of QUERY_HISTORY, so that what stands under views does not count. useAccessHistory: false keeps this warning away',
  };
}

function usersNeed(schema: string): Need {
  return {
    view: 'USERS',
    probe: probeUsers(schema),
    without: 'logins become users of OpenMetadata by their names only, not by their e-mail addresses',
  };
}

async function canRead(session: Session, schema: string, role: string, need: Need): Promise<boolean> {
  const found = await finding(session, schema, role, need, false);
  if (!found.passed)
    session.context.onWarning(found.remedy === undefined ? found.message : `${found.message} ${found.remedy}`);
  return found.passed;
}

async function finding(
  session: Session,
  schema: string,
  role: string,
  { view, probe, without }: Need,
  mandatory: boolean
): Promise<CheckResult> {
  const name = `${schema}.${view}`;
  try {
    const rows = await session.all(probe);
    if (view !== 'ACCESS_HISTORY' || rows.length > 0) return passed(name, mandatory, `${name} can be read.`);
    const message = `${name} is empty (Snowflake fills it from the Enterprise edition on): ${without}.`;
    return { name, passed: false, mandatory, message };
  } catch (error) {
    session.context.signal.throwIfAborted();
    if (!(error instanceof PermanentError)) throw error;
    const { message } = failed(name, mandatory, error);
    return {
      name,
      passed: false,
      mandatory,
      message: `${message} Without it ${without}.`,
      remedy: accountUsageRemedy(error, schema, role),
    };
  }
}

async function mustRead(session: Session, probe: Statement, schema: string, role: string): Promise<void> {
  try {
    await session.all(probe);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(`The query log can't be read: ${error.message}`, {
      where: 'source.serviceConnection.config.accountUsageSchema',
      remedy: accountUsageRemedy(error, schema, role, 'Run '),
    });
  }
}

/** @throws PermanentError when QUERY_HISTORY can't be asked with the recipe's condition */
async function tryCondition(session: Session, schema: string, condition: string): Promise<void> {
  try {
    await session.all(probeUsageCondition(schema, condition));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(`Snowflake does not take the filterCondition: ${error.message}`, {
      where: 'source.sourceConfig.config.filterCondition',
      remedy: `It is put into WHERE, in parentheses, over QUERY_HISTORY: ${HISTORY_COLUMNS.join(', ')} and its other columns.`,
    });
  }
}
