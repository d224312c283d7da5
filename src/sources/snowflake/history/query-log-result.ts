import { z } from 'zod';
import { PermanentError } from '../../../errors/index.js';
import type { LogCursor } from '../../query-log.js';
import type { Row } from '../session/row.js';
import type { HeldResult, Session, Statement } from '../session/session.js';

/** After `row` rows of the result of statement `query`, the last of which is `id` at time `at`. */
const logPosition = z.object({ query: z.string(), row: z.number(), at: z.number(), id: z.string() });
export type LogPosition = z.infer<typeof logPosition>;

export interface LogRead {
  readonly session: Session;
  /** The statement of the whole window, or of what comes after a position; rows come in one defined order. */
  readonly statement: (after: LogPosition | undefined) => Statement;
  /** What determines a row's place in that order. */
  readonly keyOf: (row: Row) => Pick<LogPosition, 'at' | 'id'>;
  readonly after: LogCursor | undefined;
}

/**
 * Rows of one statement, each with the cursor after it. With a cursor the same result is fetched again by the
 * statement's id, but only its rows after the cursor; if Snowflake no longer has it (a day later, or never finished),
 * the statement runs again for what comes after the last row.
 */
export async function* readLogRows({
  session,
  statement,
  keyOf,
  after,
}: LogRead): AsyncGenerator<{ row: Row; cursor: LogPosition }> {
  const position = after === undefined ? undefined : logPosition.parse(after);
  const known = position === undefined ? undefined : await reopen(session, position, statement(undefined));
  const result = known ?? (await session.open(statement(position)));
  let number = known === undefined ? 0 : (position?.row ?? 0);
  if (number === result.rows) return;
  for await (const batch of result.batches(number)) {
    for (const row of batch) {
      number += 1;
      yield { row, cursor: { query: result.queryId, row: number, ...keyOf(row) } };
    }
  }
}

async function reopen(
  session: Session,
  { query, row }: LogPosition,
  { doing }: Statement
): Promise<HeldResult | undefined> {
  try {
    const result = await session.reopen(query, `${doing} (result of query ${query})`);
    return result.rows < row ? undefined : result;
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}
