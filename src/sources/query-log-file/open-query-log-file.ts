import path from 'node:path';
import { PermanentError } from '../../errors/index.js';
import type { LoggedQuery, QueryLogSource } from '../query-log.js';
import type { CheckResult, SourceContext } from '../source.js';
import { listFiles, readLogFile, toMilliseconds, type LogRow } from './log-files.js';

/**
 * A query log kept in CSV files instead of the source: a file, or a folder of `.csv` files read in order of their names. The first line names
 * the columns; `query_text` is required. Rows are streamed, all of them: whoever makes the files chooses what is in them, so that
 * resultLimit, filterCondition and the window do not cut them. Times without a zone are UTC.
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export async function openQueryLogFile(
  filePath: string,
  { signal, onWarning }: Pick<SourceContext, 'signal' | 'onWarning'>
): Promise<QueryLogSource> {
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
      const behind = typeof after?.['rows'] === 'number' ? after['rows'] : 0;
      let rows = 0;
      for await (const row of readLogFile(file, signal, onWarning)) {
        rows += 1;
        if (rows > behind) yield { record: { kind: 'query', ...toQuery(row) }, cursor: { rows } };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** A finding a file: its first line names the columns that are needed, and it has a text. Rows behind the first are not read. */
export async function* checkQueryLogFile(filePath: string, signal: AbortSignal): AsyncGenerator<CheckResult> {
  let files: readonly string[];
  try {
    files = await listFiles(filePath);
  } catch (error) {
    yield unreadable(error);
    return;
  }
  for (const file of files) {
    const base = { name: 'query log', message: `${file} has no texts` };
    const rows = readLogFile(file, signal, () => undefined);
    try {
      if ((await rows.next()).done === true) yield { ...base, passed: false, mandatory: false };
      else yield { ...base, passed: true, mandatory: true, message: `${file} can be read from here` };
    } catch (error) {
      yield unreadable(error);
    } finally {
      await rows.return(undefined);
    }
  }
}

function unreadable(error: unknown): CheckResult {
  if (!(error instanceof PermanentError)) throw error;
  const { message, remedy } = error;
  const finding = { name: 'query log', passed: false, mandatory: true, message, error };
  return remedy === undefined ? finding : { ...finding, remedy };
}

function toQuery(record: LogRow): LoggedQuery {
  const startedAt = record.start_time === undefined ? undefined : toMilliseconds(record.start_time);
  const durationMs = Number(record.duration);
  return {
    text: record.query_text,
    ...(record.database_name === undefined ? {} : { database: record.database_name }),
    ...(record.schema_name === undefined ? {} : { schema: record.schema_name }),
    ...(record.user_name === undefined ? {} : { user: record.user_name }),
    ...(record.query_type === undefined ? {} : { queryType: record.query_type }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(record.duration === undefined || Number.isNaN(durationMs) ? {} : { durationMs }),
  };
}
