import { beginning } from '../../errors/index.js';
import type { UsageLogSource, UsageRecord } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { isOwnUse } from '../common/log-patterns.js';
import type { SourceSpec } from '../source-spec.js';
import type { LogRow } from './log-row.js';
import { openLogFiles, toQuery } from './open-log-files.js';

/**
 * A query log in CSV files, read for usage, see `openLogFiles`. `aborted` marks runs that failed. A row with an empty
 * `start_time` ran now; one whose `start_time` can't be read, or that ends before it, is a failure of that row; so is a
 * file of a folder that can't be read.
 * @param countsAsUse what the source says of its kinds of statements
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export async function openUsageLogFile(
  filePath: string,
  context: Pick<SourceContext, 'signal' | 'onWarning'>,
  countsAsUse: SourceSpec<unknown>['countsAsUse'] = () => true
): Promise<UsageLogSource> {
  const isLeftOut = ({ query_text: text, query_type: type }: LogRow): boolean =>
    isOwnUse(text) || (type !== undefined && !countsAsUse(text, type));
  const reading = {
    toRecord: (row: LogRow, where: string) => toRecord(row, where, isLeftOut(row)),
    ...{ unreadable, needsTime: true },
  };
  return { lagMs: 0, ...(await openLogFiles(filePath, context, reading)) };
}

function unreadable(where: string, reason: string): UsageRecord {
  return { kind: 'unreadable', where, reason };
}

function toRecord(row: LogRow, where: string, isLeftOut: boolean): UsageRecord {
  if (row.time === 'cut off') return unreadable(where, 'it has too few fields, and ends before start_time.');
  const query = toQuery(row);
  if (row.start_time === undefined || query.startedAt !== undefined)
    return { kind: 'query', ...query, ...(isLeftOut ? { own: true } : {}) };
  const reason = `start_time ${beginning(row.start_time, 40)} isn't a time: write 2026-11-27 10:00:00 (UTC), with a zone if it has one (Z, +02:00), or milliseconds since the epoch.`;
  return { kind: 'unreadable', where, reason };
}
