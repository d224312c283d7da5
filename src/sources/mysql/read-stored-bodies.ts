import { z } from 'zod';
import { statement, type Statement } from '../common/statement.js';
import { missingRoutineRight } from './check-grants.js';
import { allows, readGrants, schemaPrivileges } from './grants.js';
import type { LogTable } from './query-log-statements.js';
import { readUnder } from './read-under.js';
import { isAtLeast } from './server-version.js';
import type { MysqlSession } from './session.js';
import { sqlServer } from './sql-server.js';
import { StoredBodies, type StoredBody } from './stored-bodies.js';
import { sqlMode } from './thread-modes.js';

/** Bodies read at most, and characters of each. */
const [BODIES, SHOWN] = [5_000, 50_000];

const text = z.string();
const wordRow = z.object({ word: text });
const viewRow = z.object({ schema: text, name: text, query: text.nullable() });
const bodyRow = z.object({
  ...{ schema: text, name: text, type: z.enum(['FUNCTION', 'PROCEDURE', 'PACKAGE BODY', 'TRIGGER']) },
  ...{ onTable: text.nullable(), body: text.nullable(), mode: text },
});

const KINDS = {
  FUNCTION: 'function',
  PROCEDURE: 'procedure',
  'PACKAGE BODY': 'package',
  TRIGGER: 'trigger',
} as const;

const WORDS: Statement<z.infer<typeof wordRow>> = statement(
  wordRow,
  'SELECT function AS word FROM information_schema.sql_functions UNION SELECT word FROM information_schema.keywords'
);

const OWN_SCHEMAS = "('mysql', 'sys', 'performance_schema', 'information_schema')";

const ROUTINES: Statement<z.infer<typeof bodyRow>> = statement(
  bodyRow,
  `SELECT routine_schema AS \`schema\`, routine_name AS name, routine_type AS type, NULL AS onTable, LEFT(routine_definition, ${SHOWN}) AS body, sql_mode AS mode
FROM information_schema.routines WHERE routine_schema NOT IN ${OWN_SCHEMAS} AND routine_type IN ('FUNCTION', 'PROCEDURE', 'PACKAGE BODY') LIMIT ${BODIES}`
);

/** Few where nobody may see them: all but the right TRIGGER hide them. */
const TRIGGERS: Statement<z.infer<typeof bodyRow>> = statement(
  bodyRow,
  `SELECT trigger_schema AS \`schema\`, trigger_name AS name, 'TRIGGER' AS type, event_object_table AS onTable, LEFT(action_statement, ${SHOWN}) AS body, sql_mode AS mode
FROM information_schema.triggers WHERE trigger_schema NOT IN ${OWN_SCHEMAS} LIMIT ${BODIES}`
);

/** Their queries are empty where the right SHOW VIEW is missing. */
const VIEWS: Statement<z.infer<typeof viewRow>> = statement(
  viewRow,
  `SELECT table_schema AS \`schema\`, table_name AS name, LEFT(view_definition, ${SHOWN}) AS query
FROM information_schema.views WHERE table_schema NOT IN ${OWN_SCHEMAS} LIMIT ${BODIES}`
);

/** What the server leaves out of its log: `sp` is what procedures do. MariaDB's alone, and its default. */
const LEFT_OUT: Statement<{ value: string }> = statement(
  z.object({ value: text }),
  'SELECT @@global.log_disabled_statements AS value'
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
 * The stored bodies behind a log, as far as this account sees them. Those of a log that is a copy may be another
 * server's.
 */
export async function storedBodies(session: MysqlSession, log: LogTable): Promise<StoredBodies> {
  if (log.kind === 'slow') return new StoredBodies([], () => true);
  const isNative = await nativeNames(session);
  if (!log.isOwn) return new StoredBodies([], isNative);
  const routines = await session.query(ROUTINES);
  const triggers = await session.query(TRIGGERS);
  const server = sqlServer(session.version);
  const bodies = [...routines, ...triggers].map(({ schema, name, type, onTable, body, mode }): StoredBody => ({
    ...{ schema, name, kind: KINDS[type] },
    ...(onTable === null ? {} : { table: onTable }),
    ...(body === null ? {} : { body, session: readUnder(body, sqlMode(mode), server) }),
  }));
  const grants = bodies.length === 0 ? undefined : await readGrants(session);
  // a schema whose functions or triggers are all hidden is in no list: the right has to be that on everything
  const isWhole = (rows: typeof routines): boolean =>
    rows.length < BODIES && rows.every(({ body }) => body !== null && body.length < SHOWN);
  const views = bodies.length === 0 ? [] : await session.query(VIEWS);
  const known = {
    seesAll:
      grants !== undefined && isWhole(routines) && missingRoutineRight(session.version, grants, ['']) === undefined,
    seesTriggers: grants !== undefined && isWhole(triggers) && allows(schemaPrivileges(grants, undefined), 'TRIGGER'),
    logsProcedures: await logsProcedures(session),
  };
  const shown = views.map(({ query, ...named }) => ({ ...named, query: query ?? '' }));
  return new StoredBodies(bodies, isNative, known, shown);
}

/** Tells the server's own functions and the words of its SQL, which may stand before brackets, too. */
async function nativeNames(session: MysqlSession): Promise<(name: string) => boolean> {
  const { version } = session;
  if (version.flavour !== 'MariaDB') return () => true;
  const listed = isAtLeast(version, 10, 6, 3) ? await session.query(WORDS) : [];
  const words = new Set([...COMMON_WORDS, ...listed.map(({ word }) => word.toLowerCase())]);
  return (name) => words.has(name) || SPATIAL.test(name);
}

async function logsProcedures(session: MysqlSession): Promise<boolean> {
  if (session.version.flavour !== 'MariaDB') return true;
  const [leftOut] = await session.query(LEFT_OUT);
  return leftOut?.value.split(',').includes('sp') !== true;
}
