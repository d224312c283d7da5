import path from 'node:path';
import { PermanentError } from '../../errors/index.js';
import type { LoggedQuery, UsageLogSource, UsageRecord } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { listFiles, readLogFile, toMilliseconds, type LogRow } from './log-files.js';

const TRUE: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1']);

/**
 * A query log in CSV files, read for usage: a file, or a folder of `.csv` files in order of their names. Rows are streamed, all of them:
 * resultLimit, filterCondition and the window do not cut them. `aborted` marks runs that failed; a row without `start_time` ran now, one
 * whose `start_time` can't be read is a failure of that row. Times without a zone are UTC.
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export async function openUsageLogFile(
  filePath: string,
  { signal, onWarning }: Pick<SourceContext, 'signal' | 'onWarning'>
): Promise<UsageLogSource> {
  const files = await listFiles(filePath);
  return {
    lagMs: 0,
    windows: (range, { filterCondition }) => {
      if (filterCondition !== undefined && filterCondition.trim() !== '')
        onWarning('filterCondition is a condition for a log in a database: rows of files are all read.');
      return Promise.resolve(files.map((file) => ({ ...range, log: `file:${path.basename(file)}` })));
    },
    async *read(window, _options, after) {
      const file = files.find((each) => `file:${path.basename(each)}` === window.log);
      if (file === undefined)
        throw new PermanentError(`The query log ${window.log} is not in ${filePath} any more.`, {
          where: 'queryLogFilePath',
        });
      const behind = typeof after?.['rows'] === 'number' ? after['rows'] : 0;
      let rows = 0;
      for await (const row of readLogFile(file, signal, onWarning)) {
        rows += 1;
        if (rows > behind) yield { record: toRecord(row, `${path.basename(file)}, row ${rows}`), cursor: { rows } };
      }
    },
    close: () => Promise.resolve(),
  };
}

function toRecord(row: LogRow, where: string): UsageRecord {
  const startedAt = row.start_time === undefined ? undefined : toMilliseconds(row.start_time);
  if (row.start_time !== undefined && startedAt === undefined) {
    return {
      kind: 'unreadable',
      where,
      reason: `start_time ${row.start_time.slice(0, 40)} is no time: write 2026-11-27 10:00:00.`,
    };
  }
  const durationMs = durationOf(row, startedAt);
  const cost = numberOf(row.cost);
  const query: LoggedQuery = {
    text: row.query_text,
    ...(row.database_name === undefined ? {} : { database: row.database_name }),
    ...(row.schema_name === undefined ? {} : { schema: row.schema_name }),
    ...(row.user_name === undefined ? {} : { user: row.user_name }),
    ...(row.query_type === undefined ? {} : { queryType: row.query_type }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(cost === undefined ? {} : { cost }),
    ...(TRUE.has(row.aborted?.trim().toLowerCase() ?? '') ? { aborted: true } : {}),
  };
  return { kind: 'query', ...query };
}

/** Its own column, in milliseconds; else from the beginning to `end_time`. */
function durationOf({ duration, end_time: end }: LogRow, startedAt: number | undefined): number | undefined {
  const own = numberOf(duration);
  if (own !== undefined || end === undefined || startedAt === undefined) return own;
  const endedAt = toMilliseconds(end);
  return endedAt === undefined || endedAt < startedAt ? undefined : endedAt - startedAt;
}

function numberOf(text: string | undefined): number | undefined {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}
