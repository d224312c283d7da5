import { z } from 'zod';
import type { LogWindow } from '../query-log.js';
import type { Statement } from '../common/statement.js';
import { maySet, quotedTable, time, type LogTable } from './query-log-statements.js';
import type { MysqlSession } from './session.js';
import { setTimeZone } from './set-time-zone.js';
import { ThreadZones, type ServerZones } from './thread-zones.js';
import { zoneNamed, type Zone } from './zone-offset.js';

/** The most that clocks of two zones are apart. */
const MOST_MS = 28 * 3_600_000;
/** What the time of summer, or another change of a zone's, may add. */
const CHANGE_MS = 2 * 3_600_000;
/** Texts looked at, and how much of each; more of them, and the most is taken. */
const [TEXTS, SHOWN] = [500, 1000];

/** The zones that sessions of a log have set. */
export interface LogZones {
  /** Follows them row by row; absent when no session has set a zone. */
  readonly threads?: ThreadZones;
  /** The window, widened by the most that a row's time may be off. */
  readonly window: LogWindow;
}

const count = z.coerce.number();

/** The server's zone, and which engine keeps the log. */
function serverZone(log: LogTable): Statement<z.infer<typeof serverRow>> {
  return {
    sql: `SELECT @@GLOBAL.time_zone AS zone, @@system_time_zone AS host_zone, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW()) AS ahead,
  CONVERT_TZ('2020-01-01 00:00:00', '+00:00', 'Europe/Berlin') IS NOT NULL AS names,
  (SELECT MAX(engine) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?) AS engine`,
    values: [log.schema, log.table],
    row: serverRow,
  };
}
const serverRow = z.object({
  zone: z.string(),
  host_zone: z.string(),
  ahead: count,
  names: count,
  engine: z.string().nullable(),
});

/** Texts that may set a zone. */
function zoneTexts(log: LogTable, to: number): Statement<{ body: string; length: number }> {
  return {
    sql: `SELECT DISTINCT LEFT(argument, ${SHOWN}) AS body, LENGTH(argument) AS length FROM ${quotedTable(log)}
WHERE event_time < ${time(to + MOST_MS)} AND command_type IN ('Query', 'Execute') AND ${maySet('time_zone')} LIMIT ${TEXTS}`,
    values: [],
    row: z.object({ body: z.string(), length: count }),
  };
}

/**
 * Looks which zones the sessions of a general log have set. Rows in CSV have the clock of their session; of another
 * engine, which the server's own log may have been changed to, moments.
 * @param ofEvents zones that events of the server have
 */
export async function logZones(
  session: MysqlSession,
  log: LogTable,
  window: LogWindow,
  ofEvents: readonly string[]
): Promise<LogZones> {
  if (log.kind === 'slow') return { window };
  const texts = await session.query(zoneTexts(log, window.to));
  if (texts.length === 0 && ofEvents.length === 0) return { window };
  const [server] = await session.query(serverZone(log));
  if (server === undefined || (log.isOwn && server.engine?.toUpperCase() !== 'CSV')) return { window };
  const isSystem = /^system$/i.test(server.zone);
  const zones: ServerZones = { host: isSystem ? undefined : server.host_zone, knowsNames: server.names === 1 };
  const threads = new ThreadZones(zones);
  const isSure = texts.length < TEXTS && texts.every(({ length }) => length <= SHOWN);
  const names = [...ofEvents, ...texts.flatMap(({ body }) => setTimeZone(body) ?? [])];
  const widest = isSure ? Math.max(0, ...names.map((name) => shiftOf(threads, name, server))) : MOST_MS;
  if (texts.length === 0 && widest === 0) return { window };
  return { threads, window: { ...window, from: window.from - widest, to: window.to + widest } };
}

/** How far the clock of a zone is from the server's. */
function shiftOf(threads: ThreadZones, name: string, server: z.infer<typeof serverRow>): number {
  const zone = threads.zoneOf(name);
  if (typeof zone === 'string') return 0;
  const now = Date.now();
  const shift = Math.abs(zone.offsetAt(now) - server.ahead * 1000);
  return shift === 0 && zone.isFixed && ownZone(server)?.isFixed === true ? 0 : Math.min(MOST_MS, shift + CHANGE_MS);
}

function ownZone({ zone, host_zone: host }: z.infer<typeof serverRow>): Zone | undefined {
  return zoneNamed(/^system$/i.test(zone) ? host : zone);
}
