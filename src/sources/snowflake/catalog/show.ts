import { PermanentError } from '../../../errors/index.js';
import { compareNames } from '../../common/binary-order.js';
import { quoteText } from './identifiers.js';
import type { Row } from '../session/row.js';
import { MOST_COLLECTED_ROWS, type Session } from '../session/session.js';

export interface ShowRequest {
  /** `SHOW STREAMS IN SCHEMA "A"."B"`: a kind that takes LIMIT … FROM. */
  readonly sql: string;
  readonly doing: string;
  /** The most rows Snowflake returns; the command is then repeated for what comes after the last name. */
  readonly limit?: number;
}

/**
 * The rows of a SHOW command in order of `name`, however many there are.
 * @throws PermanentError when the list is longer than one answer and can't be continued: it is never cut short
 */
export async function showAll(
  session: Session,
  { sql, doing, limit = MOST_COLLECTED_ROWS }: ShowRequest
): Promise<Row[]> {
  const found = new Map<string, Row>();
  let page = await session.all({ sql, doing });
  collect(page, found);
  while (page.length >= limit) {
    const before = found.size;
    const last = page.at(-1)?.text('name') ?? '';
    page = await session.all({ sql: `${sql} LIMIT ${limit} FROM ${quoteText(last)}`, doing });
    collect(page, found);
    if (found.size === before) break;
    if (page.length < limit) break;
  }
  return [...found].sort(([left], [right]) => compareNames(left, right)).map(([, row]) => row);
}

function collect(rows: readonly Row[], found: Map<string, Row>): void {
  for (const row of rows) found.set(row.text('name'), row);
}

/**
 * For kinds of SHOW that can't be continued.
 * @throws PermanentError when the answer is as long as Snowflake ever makes one
 */
export async function showWhole(
  session: Session,
  { sql, doing, limit = MOST_COLLECTED_ROWS }: ShowRequest,
  remedy: string
): Promise<Row[]> {
  const rows = await session.all({ sql, doing });
  if (rows.length < limit) return rows.sort((left, right) => compareNames(left.text('name'), right.text('name')));
  throw new PermanentError(`${doing}: Snowflake lists ${limit} at most and there may be more.`, { remedy });
}
