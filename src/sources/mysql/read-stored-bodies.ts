import { z } from 'zod';
import { statement, type Statement } from '../common/statement.js';
import { missingRoutineRight } from './check-grants.js';
import { allows, readGrants, schemaPrivileges } from './grants.js';
import type { LogTable } from './query-log-statements.js';
import { readUnder } from './read-under.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import type { MysqlSession } from './session.js';
import { sqlServer } from './sql-server.js';
import { StoredBodies, type BodiesKnown, type StoredBody } from './stored-bodies.js';
import { sqlMode } from './thread-modes.js';

/** Bodies read at most, and characters of each. */
const [BODIES, SHOWN] = [5_000, 50_000];

const text = z.string();
const wordRow = z.object({ word: text });
const viewRow = z.object({ schema: text, name: text, query: text.nullable() });
const bodyRow = z.object({
  ...{
    schema: text,
    name: text,
    type: z.enum(['FUNCTION', 'PROCEDURE', 'PACKAGE BODY', 'TRIGGER', 'EVENT', 'SETTING']),
  },
  ...{ onTable: text.nullable(), body: text.nullable(), mode: text, zone: text.nullable() },
});

type BodyRow = z.infer<typeof bodyRow>;

const KINDS = {
  FUNCTION: 'function',
  PROCEDURE: 'procedure',
  'PACKAGE BODY': 'package',
  TRIGGER: 'trigger',
  EVENT: 'event',
} as const;

const WORDS: Statement<z.infer<typeof wordRow>> = statement(
  wordRow,
  'SELECT function AS word FROM information_schema.sql_functions UNION SELECT word FROM information_schema.keywords'
);

const OWN_SCHEMAS = "('mysql', 'sys', 'performance_schema', 'information_schema')";

/** Columns of both lists in one character set: what they are in is the server's choice. */
const column = (expression: string, name: string): string => `CONVERT(${expression} USING utf8mb4) AS ${name}`;

const ROUTINES = `SELECT ${[
  ...[column('routine_schema', '`schema`'), column('routine_name', 'name'), column('routine_type', 'type')],
  ...[column('NULL', 'onTable'), column(`LEFT(routine_definition, ${SHOWN})`, 'body'), column('sql_mode', 'mode')],
  column('NULL', 'zone'),
].join(', ')}
FROM information_schema.routines WHERE routine_schema NOT IN ${OWN_SCHEMAS} AND routine_type IN ('FUNCTION', 'PROCEDURE', 'PACKAGE BODY') LIMIT ${BODIES}`;

/** Few where nobody may see them: all but the right TRIGGER hide them. */
const TRIGGERS = `SELECT ${[
  ...[column('trigger_schema', '`schema`'), column('trigger_name', 'name'), column("'TRIGGER'", 'type')],
  ...[column('event_object_table', 'onTable'), column(`LEFT(action_statement, ${SHOWN})`, 'body')],
  ...[column('sql_mode', 'mode'), column('NULL', 'zone')],
].join(', ')}
FROM information_schema.triggers WHERE trigger_schema NOT IN ${OWN_SCHEMAS} LIMIT ${BODIES}`;

/** All but the right EVENT hide them. Those of a primary don't run on its replica. */
const EVENTS = `SELECT ${[
  ...[column('event_schema', '`schema`'), column('event_name', 'name'), column("'EVENT'", 'type')],
  ...[column('NULL', 'onTable'), column(`LEFT(event_definition, ${SHOWN})`, 'body'), column('sql_mode', 'mode')],
  column('time_zone', 'zone'),
].join(', ')}
FROM information_schema.events WHERE event_schema NOT IN ${OWN_SCHEMAS} AND status NOT LIKE '%SIDE_DISABLED' LIMIT ${BODIES}`;

const setting = (name: string, value = `@@global.${name}`): string =>
  `SELECT ${[
    ...[column("''", '`schema`'), column(`'${name}'`, 'name'), column("'SETTING'", 'type'), column('NULL', 'onTable')],
    ...[column(value, 'body'), column("''", 'mode'), column('NULL', 'zone')],
  ].join(', ')}`;
const SCHEDULER = 'event_scheduler';
/** What the server leaves out of its log: `sp` is what procedures do. MariaDB's alone, and its default. */
const LEFT_OUT = 'log_disabled_statements';

const STARTED = 'started_at';
/** Seconds since the epoch; NULL where the server doesn't say. */
const startedAt = (statuses: string): string =>
  `(SELECT UNIX_TIMESTAMP() - MAX(variable_value) FROM ${statuses} WHERE variable_name = 'Uptime')`;

/** One statement for all, so that a read sends few. */
function bodyRows({ flavour }: ServerVersion): Statement<BodyRow> {
  const isMariadb = flavour === 'MariaDB';
  const settings = [SCHEDULER, ...(isMariadb ? [LEFT_OUT] : [])].map((name) => setting(name));
  const statuses = isMariadb ? 'information_schema.global_status' : 'performance_schema.global_status';
  const lists = [ROUTINES, TRIGGERS, EVENTS, ...settings, setting(STARTED, startedAt(statuses))];
  return statement(bodyRow, lists.map((list) => `(${list})`).join('\nUNION ALL\n'));
}

/** Their queries are empty where the right SHOW VIEW is missing. */
const VIEWS: Statement<z.infer<typeof viewRow>> = statement(
  viewRow,
  `SELECT table_schema AS \`schema\`, table_name AS name, LEFT(view_definition, ${SHOWN}) AS query
FROM information_schema.views WHERE table_schema NOT IN ${OWN_SCHEMAS} LIMIT ${BODIES}`
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
  const { version } = session;
  if (log.kind === 'slow') return new StoredBodies([], () => true);
  if (!log.isOwn) return new StoredBodies([], await nativeNames(session));
  const rows = await session.query(bodyRows(version));
  const server = sqlServer(version);
  const bodies = rows.flatMap(({ type, onTable, body, mode: written, zone, ...named }): StoredBody[] => {
    if (type === 'SETTING') return [];
    const mode = sqlMode(written);
    const shown = body === null ? {} : { body, mode, session: readUnder(body, mode, server) };
    const own = { ...(onTable === null ? {} : { table: onTable }), ...(zone === null ? {} : { zone }) };
    return [{ ...named, kind: KINDS[type], ...own, ...shown }];
  });
  const known = await whatIsKnown(session, rows);
  const mayFire = ({ kind }: StoredBody): boolean => kind !== 'procedure' && kind !== 'event';
  const asksViews = bodies.length > 0 && (!known.seesTriggers || bodies.some(mayFire));
  const views = asksViews ? await session.query(VIEWS) : [];
  const shown = views.map(({ query, ...named }) => ({ ...named, query: query ?? '' }));
  // where all functions are seen, a name that isn't one of them is the server's own
  const isNative = known.seesAll ? (): boolean => true : await nativeNames(session);
  return new StoredBodies(bodies, isNative, known, shown);
}

/** A schema whose functions or triggers are all hidden is in no list: the right has to be that on everything. */
async function whatIsKnown(session: MysqlSession, rows: readonly BodyRow[]): Promise<BodiesKnown> {
  const valueOf = (name: string): string => rows.find((row) => row.type === 'SETTING' && row.name === name)?.body ?? '';
  const started = valueOf(STARTED);
  const settings = {
    ...(started === '' ? {} : { startedAt: Number(started) * 1000 }),
    runsEvents: /^(?:on|1)$/i.test(valueOf(SCHEDULER)),
    logsProcedures: !valueOf(LEFT_OUT).split(',').includes('sp'),
  };
  const stored = rows.filter(({ type }) => type !== 'SETTING');
  const ofType = (type: BodyRow['type']): readonly BodyRow[] => stored.filter((row) => row.type === type);
  const [triggers, events] = [ofType('TRIGGER'), ofType('EVENT')];
  const routines = stored.filter(({ type }) => type !== 'TRIGGER' && type !== 'EVENT');
  const none = { seesAll: false, seesTriggers: false, seesEvents: false, seesViews: false };
  if (stored.length === 0) return { ...none, ...settings };
  const grants = await readGrants(session);
  const everywhere = schemaPrivileges(grants, undefined);
  return {
    seesAll: isWhole(routines) && missingRoutineRight(session.version, grants, ['']) === undefined,
    seesTriggers: isWhole(triggers) && allows(everywhere, 'TRIGGER'),
    seesEvents: isWhole(events) && allows(everywhere, 'EVENT'),
    seesViews: allows(everywhere, 'SELECT') && allows(everywhere, 'SHOW VIEW'),
    ...settings,
  };
}

function isWhole(rows: readonly BodyRow[]): boolean {
  return rows.length < BODIES && rows.every(({ body }) => body !== null && body.length < SHOWN);
}

/** Tells the server's own functions and the words of its SQL, which may stand before brackets, too. */
async function nativeNames(session: MysqlSession): Promise<(name: string) => boolean> {
  const { version } = session;
  if (version.flavour !== 'MariaDB') return () => true;
  const listed = isAtLeast(version, 10, 6, 3) ? await session.query(WORDS) : [];
  const words = new Set([...COMMON_WORDS, ...listed.map(({ word }) => word.toLowerCase())]);
  return (name) => words.has(name) || SPATIAL.test(name);
}
