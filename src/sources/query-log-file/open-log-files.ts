import path from 'node:path';
import { PermanentError } from '../../errors/index.js';
import type { LoggedQuery, LogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { listFiles, readLogFile, unreadText } from './log-files.js';
import type { LogRow } from './log-row.js';
import { isTrue, numberOf, toMilliseconds } from './log-values.js';
import { UnreadFields } from './unread-fields.js';

/** What of the options for a log in a database is looked at. */
interface FileOptions {
  readonly filterCondition?: string;
}

interface FileReading<LogRecord> {
  /** What is wanted of a row; `where` says which one it is: `queries.csv, row 12` */
  readonly toRecord: (row: LogRow, where: string) => LogRecord;
  /** A row that can't be read, or a file of a folder, or what is left of one. */
  readonly unreadable: (where: string, reason: string) => LogRecord;
  /** Rows without a time count on the day of the run. */
  readonly needsTime?: boolean;
}

/**
 * A query log kept in CSV files instead of the source: a file, or a folder of `.csv` files read in order of their
 * names. The first line names the columns; `query_text` is required. Rows are streamed, all of them: whoever makes the
 * files chooses what is in them, so that resultLimit, filterCondition and the window don't cut them. Times without a
 * zone are UTC. What of a row can't be read and it does without is one warning for each file and column.
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export async function openLogFiles<LogRecord>(
  filePath: string,
  { signal, onWarning }: Pick<SourceContext, 'signal' | 'onWarning'>,
  { toRecord, unreadable, needsTime = false }: FileReading<LogRecord>
): Promise<LogSource<FileOptions, LogRecord>> {
  const { files, others } = await listFiles(filePath);
  return {
    windows: (range, { filterCondition }) => {
      if (filterCondition !== undefined && filterCondition.trim() !== '')
        onWarning('filterCondition is a condition for a log in a database: rows of files are all read.');
      const unread = unreadText(filePath, others);
      if (unread !== undefined) onWarning(unread);
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
      const unread = new UnreadFields(needsTime);
      try {
        for await (const row of readLogFile(file, { signal, onWarning, needsTime })) {
          rows += 1;
          if ('next' in row) {
            if (rows > behind) yield { record: unreadable(`${name}, line ${row.line}`, row.reason), cursor: { rows } };
            continue;
          }
          unread.look(row, rows);
          if (rows > behind) yield { record: toRecord(row, `${name}, row ${rows}`), cursor: { rows } };
        }
      } catch (error) {
        // a file by itself is all there is to read, of a folder the others still count
        if (files.length === 1 || !(error instanceof PermanentError)) throw error;
        rows += 1;
        if (rows > behind) yield { record: unreadable(name, error.describe()), cursor: { rows } };
      }
      if (rows === 0) onWarning(`${name} has no texts.`);
      for (const warning of unread.warnings(name)) onWarning(warning);
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
    ...(row.aborted !== undefined && isTrue(row.aborted) ? { aborted: true } : {}),
  };
}

/** Its own column, in milliseconds; else from the beginning to `end_time`. */
function durationOf({ duration, end_time: end }: LogRow, startedAt: number | undefined): number | undefined {
  const own = numberOf(duration);
  if (own !== undefined || end === undefined || startedAt === undefined) return own;
  const endedAt = toMilliseconds(end);
  return endedAt === undefined || endedAt < startedAt ? undefined : endedAt - startedAt;
}
