import { countWords } from '../../contract/count-words.js';
import { textUpToRefused, type SqlSession } from '../../sql/index.js';
import type { LogCursor, LoggedQuery, LogWindow } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { databaseOf } from './metadata.js';
import { schemasOfLog, type LacksSchema } from './log-schemas.js';
import { logZones } from './log-zones.js';
import { PreparedStatements } from './query-log-prepared.js';
import { RowNumbers, toLogged, type LogRowPosition } from './query-log-rows.js';
import { logTable, quotedTable, type LogRow, type LogTable } from './query-log-statements.js';
import type { StoredBodies } from './stored-bodies.js';
import { ThreadTemporaries } from './query-log-temporaries.js';
import type { BodyPlace } from './body-place.js';
import { storedBodies } from './read-stored-bodies.js';
import { FiringStatements } from './query-log-firing.js';
import { ThreadSchemas } from './query-log-threads.js';
import { readUnder } from './read-under.js';
import { sqlServer } from './sql-server.js';
import { sqlMode, ThreadModes } from './thread-modes.js';
import { UnseenRuns } from './unseen-runs.js';
import type { ThreadZones } from './thread-zones.js';
import type { Statement } from '../common/statement.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** The query log of a server, opened for lineage or usage. */
export interface OpenLog {
  readonly session: MysqlSession;
  readonly log: LogTable;
  readonly database: string;
  readonly context: SourceContext;
}

/** @throws PermanentError when `queryHistoryTable` isn't `schema.table`; what opening a session throws */
export async function openLog(config: MysqlConnectionConfig, context: SourceContext): Promise<OpenLog> {
  const log = logTable(config);
  const session = await MysqlSession.open({ ...(await mysqlSettings(config)), timeZone: 'server' }, context);
  return { session, log, database: databaseOf(config), context };
}

/** What is to be known of a log before a pass over it. */
export interface KnownOfLog {
  /** The window, widened by the most that a row's time may be off. */
  readonly widened: LogWindow;
  /** Follows the zones of sessions. */
  readonly zones: ThreadZones | undefined;
  /** A USE of such a schema failed. */
  readonly lacks: LacksSchema;
  readonly bodies: StoredBodies;
}

export async function knownOfLog({ session, log }: OpenLog, window: LogWindow): Promise<KnownOfLog> {
  const { threads: zones, window: widened } = await logZones(session, log, window);
  const lacks = await schemasOfLog(session, log, widened.to);
  return { widened, zones, lacks, bodies: await storedBodies(session, log) };
}

export interface PassInput extends KnownOfLog {
  readonly statement: Statement<LogRow>;
  /** Rows of other times are left out; the statement may give some. */
  readonly window: LogWindow;
  /** Resumes after that row. */
  readonly behind: LogRowPosition | undefined;
  /**
   * Called for each wanted row in order, including those already read: whether resultLimit leaves it out. No longer
   * called after a rotation of the log: the rows that were counted are gone.
   */
  readonly isOverLimit: (row: LogRow) => boolean;
  /** What each cursor has besides the row's place. */
  readonly kept: Readonly<Record<string, string | number>>;
}

/**
 * The wanted rows of one pass over the log, each with the schema its thread was in.
 *
 * @param prepare called at the beginning: a generator around this one would add promises to each row
 */
export async function* passOverLog(
  { session, log, database, context }: OpenLog,
  prepare: () => Promise<PassInput>
): AsyncGenerator<{ readonly record: { readonly kind: 'query' } & LoggedQuery; readonly cursor: LogCursor }> {
  const { statement, window, zones, lacks, bodies, behind, isOverLimit, kept } = await prepare();
  const threads = new ThreadSchemas(lacks);
  const temporaries = new ThreadTemporaries();
  const modes = new ThreadModes(sqlMode(session.serverMode));
  const statements = new PreparedStatements();
  const firing = new FiringStatements(bodies);
  const unseen = new UnseenRuns(bodies);
  const placeOfBody = (row: LogRow, schema: string | undefined, read?: SqlSession): BodyPlace | undefined => {
    const ofBody = firing.placeOfBody(row, schema, read);
    unseen.follow(row, ofBody?.schema ?? schema, ofBody !== undefined && ofBody.isOfBlock !== true, read);
    return ofBody;
  };
  const server = sqlServer(session.version);
  const rows = new RowNumbers(behind, () =>
    context.onWarning(
      `${quotedTable(log)} was emptied or rotated while it was read: texts that were in it and not read yet are lost.`
    )
  );
  let [untold, guessed] = [0, 0];
  for await (const batch of session.rows(statement)) {
    for (const row of batch) {
      const { thread, command, body } = row;
      const isSlow = log.kind === 'slow';
      const here = { schema: isSlow ? (row.db ?? undefined) : threads.schemaOf(thread), mode: modes.modeOf(thread) };
      const { place, isRepeated } = isSlow
        ? { place: here, isRepeated: false }
        : statements.follow(thread, command, body, here);
      if (command === 'Prepare' || command === 'Close stmt') continue;
      const read = readUnder(body, place.mode, server);
      if (command === 'Connect' || command === 'Change user' || command === 'Init DB') firing.beginSession(thread);
      if (row.wanted === 0) {
        temporaries.follow(thread, command, body, place.schema, read);
        threads.follow(thread, command, body, read);
        zones?.follow(thread, command, body, read);
        const runs = command === 'Query' || command === 'Execute';
        modes.follow(row, read, runs && placeOfBody(row, place.schema, read) !== undefined);
        continue;
      }
      const startedAt = timeOf(row, zones);
      zones?.follow(thread, command, body, read);
      const isOfWindow = startedAt >= window.from && startedAt < window.to;
      // rows are numbered alike in each pass, whichever zones were known to it
      const number = isOfWindow ? rows.next(row) : undefined;
      const isLeftOut = !rows.isRotated && isOverLimit(row);
      const ofBody = isSlow ? undefined : placeOfBody(row, place.schema, read);
      if (!isSlow) modes.follow(row, read, ofBody !== undefined);
      const schema = ofBody?.schema ?? place.schema;
      const temporary = isSlow ? [] : temporaries.namedIn(thread, body, schema, read);
      if (!isSlow) temporaries.follow(thread, command, body, schema, read);
      // a text of several statements may have a USE
      threads.follow(thread, command, body, read);
      if (number === undefined || isLeftOut || isRepeated || ofBody?.isOfBlock === true) continue;
      if (ofBody?.schema === '') untold += 1;
      else if (ofBody?.isGuess === true) guessed += 1;
      // a slow log has an empty one, too, where it doesn't tell
      const ran = isSlow ? body : textUpToRefused(body, 'mysql', lacks, read);
      yield {
        record: {
          kind: 'query',
          ...toLogged({ ...row, body: ran }, database, isSlow && schema === '' ? undefined : schema),
          startedAt,
          ...(session.exactNames ? { exactNames: true } : {}),
          ...(read === undefined ? {} : { session: read }),
          ...(temporary.length === 0 ? {} : { temporary }),
        },
        cursor: { row: number, first: rows.first, at: row.at, ...kept },
      };
    }
  }
  for (const warning of unseen.warnings(quotedTable(log))) context.onWarning(warning);
  if (untold + guessed > 0) context.onWarning(bodiesNotSeen(log, bodies, { untold, guessed }));
}

function bodiesNotSeen(
  log: LogTable,
  { seesAll, seesTriggers, hidesEvents }: StoredBodies,
  { untold, guessed }: Readonly<Record<'untold' | 'guessed', number>>
): string {
  const rows = `${quotedTable(log)} has ${countWords(untold + guessed, 'row', 'rows')} of stored procedures, functions, triggers and events`;
  const none = `the names without a schema of ${untold} count for nothing, since nothing tells whose they are`;
  const some = `those of ${guessed} count in the likely schema: of the body that has their statement, or of the function or table that the statement before them names`;
  const parts = [...(untold > 0 ? [none] : []), ...(guessed > 0 ? [some] : [])].join('; ');
  if (seesAll && seesTriggers && !hidesEvents)
    return `${rows} whose statement several bodies have, or none that surely ran it: ${parts}.`;
  const functions =
    'SELECT on `mysql`.`proc` (MariaDB 11.3 and later: SHOW CREATE ROUTINE on *.*) shows procedures and functions';
  const triggers = 'TRIGGER on *.* shows triggers';
  const events = 'EVENT on *.* shows events';
  const remedies = [
    ...[...(seesAll ? [] : [functions]), ...(seesTriggers ? [] : [triggers]), ...(hidesEvents ? [events] : [])],
  ];
  return `${rows} whose bodies this account doesn't see: ${parts}. ${remedies.join(', ')}.`;
}

/** Milliseconds since the epoch. */
function timeOf({ at, thread, local }: LogRow, zones: ThreadZones | undefined): number {
  const byServer = Math.floor(Number(at) * 1000);
  if (zones === undefined) return byServer;
  const shown = local === null ? Number.NaN : Date.parse(`${local.replace(' ', 'T')}Z`);
  return Number.isNaN(shown) ? byServer : zones.timeOf(thread, shown, byServer);
}
