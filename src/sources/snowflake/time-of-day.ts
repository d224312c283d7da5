import { PermanentError } from '../../errors/index.js';
import { quoteName, quoteText } from './catalog/identifiers.js';
import type { HeldResult, Session } from './session/session.js';

/** A TIME as text with all digits of its second, without zeros at their end. */
export function timeOfDay(expression: string): string {
  return `REGEXP_REPLACE(TO_VARCHAR(${expression}, 'HH24:MI:SS.FF9'), '[.]?0+$', '')`;
}

/**
 * A result whose TIME columns have all digits. The driver writes them in the session's TIME_OUTPUT_FORMAT, which by
 * default has whole seconds; to set another one for the session would change what TO_VARCHAR gives in users' SQL. So
 * what a user's SQL returned is read once more, from the result that the server has kept: nothing runs again.
 */
export async function withTimesOfDay(session: Session, result: HeldResult, limit: number): Promise<HeldResult> {
  const times = [...result.types()].flatMap(([name, type]) => (type.isTime() && type.getScale() > 0 ? [name] : []));
  // of one row that is asked for no time is shown: it has a count, or a custom metric's number
  if (times.length === 0 || result.rows === 0 || limit === 1) return result;
  const list = times.map((name) => `${timeOfDay(quoteName(name))} AS ${quoteName(name)}`).join(', ');
  const rows = Number.isFinite(limit) ? ` LIMIT ${limit}` : '';
  try {
    return await session.open({
      sql: `SELECT * REPLACE (${list}) FROM TABLE(RESULT_SCAN(${quoteText(result.queryId)}))${rows}`,
      doing: 'reading the times of a result with all their digits',
      numbersAsText: true,
    });
  } catch (error) {
    // two columns of one name, or no warehouse: whole seconds are better than no rows
    if (error instanceof PermanentError) return result;
    throw error;
  }
}
