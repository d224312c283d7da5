import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { LoggedQuery, QueryLogSource } from '../query-log.js';
import type { CheckResult, SourceContext } from '../source.js';

/** Texts longer than this are no queries; a file that has such a field is no query log. */
const MAX_FIELD_BYTES = 32 * 1024 * 1024;

const text = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));

/** Columns of the file by their header, as OpenMetadata's documentation names them; the others are not read. */
const row = z.object({
  query_text: z.string(),
  query_type: text,
  database_name: text,
  schema_name: text,
  user_name: text,
  start_time: text,
  duration: text,
});

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
      for await (const query of readFile(file, signal, onWarning)) {
        rows += 1;
        if (rows > behind) yield { record: { kind: 'query', ...query }, cursor: { rows } };
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
    const rows = readFile(file, signal, () => undefined);
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

async function listFiles(filePath: string): Promise<readonly string[]> {
  try {
    if (!(await stat(filePath)).isDirectory()) return [filePath];
    const names = (await readdir(filePath)).filter((name) => name.toLowerCase().endsWith('.csv')).sort();
    if (names.length > 0) return names.map((name) => path.join(filePath, name));
  } catch (cause) {
    throw new PermanentError(`The query log ${filePath} cannot be read on this worker.`, {
      where: 'source.sourceConfig.config.queryLogFilePath',
      remedy: 'Give the path of a CSV file, or of a folder of CSV files, that the worker can read.',
      cause,
    });
  }
  throw new PermanentError(`The folder ${filePath} has no .csv file.`, {
    where: 'source.sourceConfig.config.queryLogFilePath',
  });
}

async function* readFile(
  file: string,
  signal: AbortSignal,
  onWarning: SourceContext['onWarning']
): AsyncGenerator<LoggedQuery> {
  const parser = createReadStream(file, { signal }).pipe(
    parse({
      columns: (header: string[]) => checkedHeader(header, file),
      bom: true,
      relax_column_count: true,
      // A quote inside an unquoted field is that quote, as Python's reader has it.
      relax_quotes: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        onWarning(`A row of ${file} was left out: ${error?.message ?? 'it is no CSV'}`);
        return undefined;
      },
      max_record_size: MAX_FIELD_BYTES,
    })
  );
  try {
    for await (const record of parser) yield toQuery(row.parse(record));
  } catch (cause) {
    if (cause instanceof PermanentError || signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PermanentError(`${file} is not a CSV file that can be read: ${reason}`, { where: file, cause });
  }
}

function checkedHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  if (names.includes('query_text')) return names;
  throw new PermanentError(`${file} has no column query_text.`, {
    where: file,
    remedy: `Its first line names the columns; found: ${names.slice(0, 10).join(', ')}; read: ${Object.keys(row.shape).join(', ')}.`,
  });
}

function toQuery(record: z.infer<typeof row>): LoggedQuery {
  const startedAt = toMilliseconds(record.start_time);
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

/** `2026-11-22 10:00:00`, ISO 8601, or milliseconds; a time without a zone is UTC. */
function toMilliseconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{12,}$/.test(value)) return Number(value);
  const iso = value.trim().replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}
