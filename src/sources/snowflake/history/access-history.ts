import { z } from 'zod';
import { PermanentError } from '../../../errors/index.js';
import type { LogCursor, LogRecord, LogWindow, QueryLogOptions } from '../../query-log.js';
import { readAccess } from './access-history-statements.js';
import { columnName, procedureOf, tableNames } from './query-log-names.js';
import { readLogRows } from './query-log-result.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';

const columnPairs = z.array(z.tuple([z.string(), z.string()]));

/** Edges that Snowflake recorded itself, with their columns: one statement, no parsing. */
export async function* readAccessHistory(
  session: Session,
  accountUsageSchema: string,
  window: LogWindow,
  options: QueryLogOptions,
  after: LogCursor | undefined
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const rows = readLogRows({
    session,
    statement: (after) => readAccess(accountUsageSchema, window, options, after),
    keyOf: (row) => ({ at: row.optionalNumber('STARTED_MS') ?? 0, id: row.text('EDGE_KEY') }),
    after,
  });
  for await (const { row, cursor } of rows) {
    const record = toEdge(row);
    if (record !== undefined) yield { record, cursor };
  }
}

/** undefined for names of anything other than a table in a schema. */
function toEdge(row: Row): LogRecord | undefined {
  const [from, to] = [tableNames(row.text('UPSTREAM_TABLE')), tableNames(row.text('DOWNSTREAM_TABLE'))];
  if (from === undefined || to === undefined) return undefined;
  const text = row.optionalText('QUERY_TEXT');
  const startedAt = row.optionalNumber('STARTED_MS');
  const procedure = procedureOf(row);
  return {
    kind: 'edge',
    from,
    to,
    columns: pairsOf(row),
    ...(text === undefined ? {} : { text }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(procedure === undefined ? {} : { procedure }),
  };
}

/** Sorted, since Snowflake gives them in any order. */
function pairsOf(row: Row): [string, string][] {
  const parsed = columnPairs.safeParse(parseJson(row.optionalText('COLUMN_PAIRS') ?? '[]'));
  if (!parsed.success) {
    throw new PermanentError(
      `Snowflake answered columns of ${row.text('UPSTREAM_TABLE')} into ${row.text('DOWNSTREAM_TABLE')} that cannot be read.`
    );
  }
  return parsed.data
    .map(([from, to]): [string, string] => [columnName(from), columnName(to)])
    .sort(([left, leftTo], [right, rightTo]) => (leftTo === rightTo ? compare(left, right) : compare(leftTo, rightTo)));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
