import { z } from 'zod';
import { statement } from '../common/statement.js';
import type { CheckResult } from '../source.js';
import { EVERY_SCHEMA, missingRoutineRight, ON_EVERYTHING } from './check-grants.js';
import { allows, quoteAccount, schemaPrivileges, type Grants } from './grants.js';
import type { LogTable } from './query-log-statements.js';
import type { MysqlSession } from './session.js';

const SCHEDULER = statement(z.object({ state: z.string() }), 'SELECT @@global.event_scheduler AS state');

/**
 * The rights by which a run tells whose the rows of stored bodies in the server's own general log are. They have to be
 * on everything, since a schema whose bodies are all hidden is in no list; a run does without, so none is mandatory.
 */
export async function* checkBodyRights(
  session: MysqlSession,
  log: LogTable,
  grants: Grants
): AsyncGenerator<CheckResult> {
  if (!log.isOwn || log.kind !== 'general') return;
  const everywhere = schemaPrivileges(grants, undefined);
  const onEverything = (...privileges: readonly string[]): string | undefined => {
    const lacking = privileges.filter((privilege) => !allows(everywhere, privilege));
    return lacking.length === 0 ? undefined : `${lacking.join(', ')} ON ${ON_EVERYTHING}`;
  };
  const finding = (name: string, missing: string | undefined, hidden: string): CheckResult => {
    if (missing === undefined) return { name, passed: true, mandatory: false, message: 'visible' };
    const remedy = `GRANT ${missing} TO ${quoteAccount(grants.account)};`;
    return { name, passed: false, mandatory: false, message: `optional: ${hidden}`, remedy };
  };
  const guessed = 'the schema in which their rows in the log ran is guessed by the statement before them';
  const routines = missingRoutineRight(session.version, grants, EVERY_SCHEMA);
  yield finding('routine bodies', routines, `functions and procedures, or their bodies, may be hidden: ${guessed}`);
  yield finding('triggers', onEverything('TRIGGER'), `triggers may be hidden: ${guessed}`);
  const [scheduler] = await session.query(SCHEDULER);
  // where the server runs none, their rows are not in the log
  if (scheduler?.state === 'ON') {
    const nothing = 'names without a schema in their rows in the log count for nothing where they are';
    yield finding('events', onEverything('EVENT'), `event_scheduler is on, and events may be hidden: ${nothing}`);
  }
  const through = 'that a row in the log is of a trigger or function behind a view is guessed, or not known';
  yield finding('view queries', onEverything('SELECT', 'SHOW VIEW'), `queries of views may be hidden: ${through}`);
}
