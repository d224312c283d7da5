import { isCondition } from '../../common/filter-condition.js';
import { PermanentError } from '../../../errors/index.js';
import type { LogWindow, QueryLogOptions } from '../../query-log.js';
import { ACCESS_COLUMNS, probeAccess, probeAccessCondition } from './access-history-statements.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { accountUsageRemedy } from '../catalog/grants.js';
import { countTexts, HISTORY_COLUMNS, probeHistory, probeHistoryCondition } from './query-log-statements.js';
import type { Session, Statement } from '../session/session.js';

/** Which log a window belongs to; `query-history:500` is the newest 500 statements of that window. */
export const ACCESS_HISTORY = 'access-history';
export const COPY_HISTORY = 'copy-history';
export const QUERY_HISTORY = 'query-history';

const DAY_MS = 24 * 3_600_000;

export interface PlanInput {
  readonly session: Session;
  readonly config: SnowflakeConnectionConfig;
  readonly role: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly options: QueryLogOptions;
}

/** Windows of ACCESS_HISTORY where it can be read and the recipe wants it, else of QUERY_HISTORY. */
export async function planWindows(input: PlanInput): Promise<readonly LogWindow[]> {
  const { config, range } = input;
  if (config.useAccessHistory && (await hasAccessHistory(input))) {
    const windows = cut(range, config.accessHistoryChunkSize * DAY_MS, ACCESS_HISTORY);
    return [...windows, { ...range, log: COPY_HISTORY }];
  }
  return queryWindows(input);
}

/** Asks once. A permanent refusal is a warning, and the query history is used instead. */
async function hasAccessHistory({ session, config, role, options }: PlanInput): Promise<boolean> {
  const { accountUsageSchema } = config;
  const { onWarning } = session.context;
  const instead = 'lineage is read from the texts of QUERY_HISTORY. useAccessHistory: false keeps this warning away.';
  try {
    const found = await session.one(probeAccess(accountUsageSchema));
    if (found === undefined) {
      onWarning(
        `${accountUsageSchema}.ACCESS_HISTORY is empty (Snowflake fills it from the Enterprise edition on): ${instead}`
      );
      return false;
    }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    onWarning(
      `${error.message} So ${instead} To read ACCESS_HISTORY (Enterprise edition): ${accountUsageRemedy(error, accountUsageSchema, role)}`
    );
    return false;
  }
  if (isCondition(options.filterCondition))
    await tryAccessCondition(session, accountUsageSchema, options.filterCondition);
  return true;
}

async function queryWindows({ session, config, role, range, options }: PlanInput): Promise<readonly LogWindow[]> {
  const { accountUsageSchema } = config;
  try {
    await session.all(probeHistory(accountUsageSchema));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(`The query log can't be read: ${error.message}`, {
      where: 'source.serviceConnection.config.accountUsageSchema',
      remedy: `${accountUsageRemedy(error, accountUsageSchema, role, 'Run ')} A lineage recipe does without it by processQueryLineage: false.`,
    });
  }
  if (isCondition(options.filterCondition))
    await tryHistoryCondition(session, accountUsageSchema, options.filterCondition);
  const windows = cut(range, DAY_MS, QUERY_HISTORY);
  return options.resultLimit === 0 ? windows : newestOnly(windows, await countsByDay(), options.resultLimit);

  async function countsByDay(): Promise<readonly number[]> {
    const rows = await session.all(countTexts(accountUsageSchema, range, options));
    const counts = new Map(rows.map((row) => [row.optionalNumber('DAY_NUMBER'), row.optionalNumber('TEXTS') ?? 0]));
    const byDay = windows.map((_, day) => counts.get(day) ?? 0);
    const texts = byDay.reduce((sum, count) => sum + count, 0);
    if (texts > options.resultLimit) {
      session.context.onWarning(
        `${accountUsageSchema}.QUERY_HISTORY has ${texts} statements that may carry lineage; resultLimit reads the newest ${options.resultLimit} of them. 0 reads all.`
      );
    }
    return byDay;
  }
}

/** Gives the limit to the newest days; days with no share of it are not read. */
function newestOnly(windows: readonly LogWindow[], counts: readonly number[], limit: number): readonly LogWindow[] {
  if (counts.reduce((sum, count) => sum + count, 0) <= limit) return windows;
  let left = limit;
  const shares = [...counts].reverse().map((count) => {
    const share = Math.min(count, left);
    left -= share;
    return share;
  });
  shares.reverse();
  return windows.flatMap((window, day) => {
    const share = shares[day] ?? 0;
    return share === 0 ? [] : [{ ...window, log: `${QUERY_HISTORY}:${share}` }];
  });
}

/** @throws PermanentError when ACCESS_HISTORY can't be asked with the recipe's condition */
export async function tryAccessCondition(
  session: Session,
  accountUsageSchema: string,
  condition: string
): Promise<void> {
  // The condition is parsed, no row is read: any range will do.
  const window = { from: 0, to: DAY_MS, log: ACCESS_HISTORY };
  await tryCondition(
    session,
    probeAccessCondition(accountUsageSchema, window, condition),
    'ACCESS_HISTORY',
    `${ACCESS_COLUMNS.join(', ')}. Conditions on QUERY_HISTORY need useAccessHistory: false.`
  );
}

/** @throws PermanentError when QUERY_HISTORY can't be asked with the recipe's condition */
export async function tryHistoryCondition(
  session: Session,
  accountUsageSchema: string,
  condition: string
): Promise<void> {
  await tryCondition(
    session,
    probeHistoryCondition(accountUsageSchema, condition),
    'QUERY_HISTORY',
    `${HISTORY_COLUMNS.join(', ')} and its other columns.`
  );
}

async function tryCondition(session: Session, probe: Statement, view: string, columns: string): Promise<void> {
  try {
    await session.all(probe);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(`Snowflake does not take the filterCondition: ${error.message}`, {
      where: 'source.sourceConfig.config.filterCondition',
      remedy: `It is put into WHERE, in parentheses, over ${view}: ${columns}`,
    });
  }
}

function cut({ from, to }: PlanInput['range'], length: number, log: string): LogWindow[] {
  const windows: LogWindow[] = [];
  for (let start = from; start < to; start += length)
    windows.push({ from: start, to: Math.min(start + length, to), log });
  return windows;
}
