import path from 'node:path';
import { PermanentError } from '../../errors/index.js';
import type { LoggedQuery, LogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { listFiles, readLogFile, toMilliseconds, type LogRow } from './log-files.js';

/** What of the options for a log in a database is looked at. */
interface FileOptions {
  readonly filterCondition?: string;
}

/**
 * A query log kept in CSV files instead of the source: a file, or a folder of `.csv` files read in order of their
 * names. The first line names the columns; `query_text` is required. Rows are streamed, all of them: whoever makes the
 * files chooses what is in them, so that resultLimit, filterCondition and the window don't cut them. Times without a
 * zone are UTC.
 * @param toRecord what is wanted of a row; `where` says which one it is: `queries.csv, row 12`
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export async function openLogFiles<LogRecord>(
  filePath: string,
  { signal, onWarning }: Pick<SourceContext, 'signal' | 'onWarning'>,
  toRecord: (row: LogRow, where: string) => LogRecord
): Promise<LogSource<FileOptions, LogRecord>> {
  const files = await listFiles(filePath);
  return {
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
      const name = path.basename(file);
      const behind = typeof after?.['rows'] === 'number' ? after['rows'] : 0;
      let rows = 0;
      for await (const row of readLogFile(file, signal, onWarning)) {
        rows += 1;
        if (rows > behind) yield { record: toRecord(row, `${name}, row ${rows}`), cursor: { rows } };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The row as a query; a start that can't be read is as if it was absent. */
export function toQuery(row: LogRow): LoggedQuery {
  const startedAt = row.start_time === undefined ? undefined : toMilliseconds(row.start_time);
  const durationMs = durationOf(row, startedAt);
  const cost = numberOf(row.cost);
  return {
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
}

const TRUE: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1']);

/** Its own column, in milliseconds; else from the beginning to `end_time`. */
function durationOf({ duration, end_time: end }: LogRow, startedAt: number | undefined): number | undefined {
  const own = numberOf(duration);
  if (own !== undefined || end === undefined || startedAt === undefined) return own;
  const endedAt = toMilliseconds(end);
  return endedAt === undefined || endedAt < startedAt ? undefined : endedAt - startedAt;
}

/** A duration or a cost; what is below nothing is neither. */
function numberOf(text: string | undefined): number | undefined {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
