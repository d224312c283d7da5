import { z } from 'zod';
import { statement, type Statement } from '../common/statement.js';
import { missingRoutineRight } from './check-grants.js';
import { readGrants } from './grants.js';
import type { LogTable } from './query-log-statements.js';
import { isAtLeast } from './server-version.js';
import type { MysqlSession } from './session.js';
import { StoredBodies, type StoredBody } from './stored-bodies.js';

/** Bodies read at most, and characters of each. */
const [BODIES, SHOWN] = [5_000, 50_000];

const text = z.string();
const wordRow = z.object({ word: text });
const bodyRow = z.object({ schema: text, name: text, type: text, onTable: text.nullable(), body: text.nullable() });

const WORDS: Statement<z.infer<typeof wordRow>> = statement(
  wordRow,
  'SELECT function AS word FROM information_schema.sql_functions UNION SELECT word FROM information_schema.keywords'
);

/** Triggers are few where nobody may see them: all but the right TRIGGER hide them. */
const STORED: Statement<z.infer<typeof bodyRow>> = statement(
  bodyRow,
  `SELECT routine_schema AS \`schema\`, routine_name AS name, routine_type AS type, NULL AS onTable, LEFT(routine_definition, ${SHOWN}) AS body
FROM information_schema.routines WHERE routine_schema NOT IN ('mysql', 'sys', 'performance_schema') AND routine_type IN ('FUNCTION', 'PROCEDURE')
UNION ALL SELECT trigger_schema, trigger_name, 'TRIGGER', event_object_table, LEFT(action_statement, ${SHOWN})
FROM information_schema.triggers WHERE trigger_schema NOT IN ('mysql', 'sys', 'performance_schema') LIMIT ${BODIES}`
);

/** Where the server lists no words of its own: what stands before brackets in nearly all texts. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'and as avg by cast coalesce concat convert count curdate date date_add date_sub exists from group_concat having if ' +
    'ifnull in into join key left length lower max min mod month not now nullif on or over replace right round select ' +
    'set substr substring sum then trim unix_timestamp upper using uuid values when where year'
  ).split(' ')
);
const SPATIAL = /^(?:st_|mbr|geo|multi|point|polygon|linestring)/;

/**
 * The stored bodies behind a log, as far as this account sees them. MariaDB alone logs what they do; a log that is a
 * copy may be another server's.
 */
export async function storedBodies(session: MysqlSession, log: LogTable): Promise<StoredBodies> {
  const { version } = session;
  if (log.kind === 'slow' || version.flavour !== 'MariaDB') return new StoredBodies([], () => true, false);
  const listed = isAtLeast(version, 10, 6, 3) ? await session.query(WORDS) : [];
  const words = new Set([...COMMON_WORDS, ...listed.map(({ word }) => word.toLowerCase())]);
  const isNative = (name: string): boolean => words.has(name) || SPATIAL.test(name);
  if (!log.isOwn) return new StoredBodies([], isNative, false);
  const rows = await session.query(STORED);
  const bodies = rows.map(({ schema, name, type, onTable, body }): StoredBody => ({
    ...{ schema, name, isFunction: type === 'FUNCTION' },
    ...(onTable === null ? {} : { table: onTable }),
    ...(body === null ? {} : { body }),
  }));
  // a schema whose functions are all hidden is in no list: the right has to be that on everything
  const isWhole =
    rows.length > 0 && rows.length < BODIES && rows.every(({ body }) => body !== null && body.length < SHOWN);
  const seesAll = isWhole && missingRoutineRight(version, await readGrants(session), ['']) === undefined;
  return new StoredBodies(bodies, isNative, seesAll);
}
