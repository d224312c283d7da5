import { PermanentError } from '../../errors/index.js';
import type { SourceContext } from '../source.js';
import { statementHeader } from '../common/statement-header.js';
import { quotePath, quoteText } from './catalog/identifiers.js';
import type { Session } from './session/session.js';

/** What is said of a statement that is not over: it may wait for its warehouse, for a lock, or for others. */
const UNFINISHED = ['RUNNING', 'QUEUED', 'QUEUED_REPARING_WAREHOUSE', 'RESUMING_WAREHOUSE', 'BLOCKED'];

/**
 * Ends the statements of attempts that ended before their end, as when their worker is lost. Where the history can't be
 * read, ABORT_DETACHED_QUERY does it, five minutes later.
 *
 * @param database any that the role may use: each has the history of the whole account
 * @returns how many there were
 */
export async function endLost(
  session: Pick<Session, 'all'>,
  runTags: readonly string[],
  database: string,
  { onWarning }: Pick<SourceContext, 'onWarning'>
): Promise<number> {
  try {
    const rows = await session.all({
      sql: `SELECT QUERY_ID FROM TABLE(${quotePath(database, 'INFORMATION_SCHEMA')}.QUERY_HISTORY_BY_USER(RESULT_LIMIT => 1000))
WHERE UPPER(EXECUTION_STATUS) IN (${UNFINISHED.map(quoteText).join(', ')}) AND (${runTags.map(() => 'STARTSWITH(QUERY_TEXT, ?)').join(' OR ')})`,
      binds: runTags.map((runTag) => statementHeader(runTag).trimEnd()),
      doing: 'looking for statements that an earlier attempt left running',
    });
    for (const row of rows)
      await session.all({
        sql: 'SELECT SYSTEM$CANCEL_QUERY(?)',
        binds: [row.text('QUERY_ID')],
        doing: 'ending a statement that an earlier attempt left running',
      });
    return rows.length;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    onWarning(`Statements that an earlier attempt left running could not be looked for: ${error.message}`);
    return 0;
  }
}
