import { textUpToRefused, type SqlServer } from '../../sql/index.js';
import type { Statement } from '../common/statement.js';
import type { LogCursor, LoggedQuery, LogWindow } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { schemasOfLog, type LacksSchema } from './log-schemas.js';
import { LogSessions, type RanIn } from './log-sessions.js';
import { logZones } from './log-zones.js';
import { databaseOf } from './metadata.js';
import { RowNumbers, toLogged, type LogRowPosition } from './query-log-rows.js';
import { logTable, quotedTable, type LogRow, type LogTable } from './query-log-statements.js';
import { storedBodies } from './read-stored-bodies.js';
import { readUnder } from './read-under.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';
import { sqlServer } from './sql-server.js';
import type { StoredBodies } from './stored-bodies.js';
import { sqlMode, type SqlMode } from './thread-modes.js';
import type { ThreadZones } from './thread-zones.js';
import { untoldBodies } from './untold-bodies.js';

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
  const bodies = await storedBodies(session, log);
  const { threads: zones, window: widened } = await logZones(session, log, window, bodies.eventZones);
  const lacks = await schemasOfLog(session, log, widened.to);
  return { widened, zones, lacks, bodies };
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
  const [mode, server] = [sqlMode(session.serverMode), sqlServer(session.version)];
  const isSlow = log.kind === 'slow';
  const sessions = new LogSessions({ zones, lacks, bodies, mode, server });
  const rows = new RowNumbers(behind, () =>
    context.onWarning(
      `${quotedTable(log)} was emptied or rotated while it was read: texts that were in it and not read yet are lost.`
    )
  );
  let [untold, guessed] = [0, 0];
  for await (const batch of session.rows(statement)) {
    for (const row of batch) {
      const ran = isSlow ? ranAlone(row, mode, server) : sessions.follow(row);
      if (ran === undefined) continue;
      const { schema, startedAt, ofBody, temporary } = ran;
      const isOfWindow = startedAt >= window.from && startedAt < window.to;
      // rows are numbered alike in each pass, whichever zones were known to it
      const number = isOfWindow ? rows.next(row) : undefined;
      const isLeftOut = !rows.isRotated && isOverLimit(row);
      if (number === undefined || isLeftOut || ran.isRepeated || ofBody?.isOfBlock === true) continue;
      if (ofBody?.schema === '') untold += 1;
      else if (ofBody?.isGuess === true) guessed += 1;
      const body = isSlow ? row.body : textUpToRefused(row.body, 'mysql', lacks, ran.session);
      yield {
        record: {
          kind: 'query',
          ...toLogged({ ...row, body }, database, schema),
          startedAt,
          ...(session.exactNames ? { exactNames: true } : {}),
          ...(ran.session === undefined ? {} : { session: ran.session }),
          ...(temporary.length === 0 ? {} : { temporary }),
        },
        cursor: { row: number, first: rows.first, at: row.at, ...kept },
      };
    }
  }
  for (const warning of sessions.warnings(quotedTable(log))) context.onWarning(warning);
  if (untold + guessed > 0) context.onWarning(untoldBodies(log, session.version, bodies, { untold, guessed }));
}

/** A slow log has the schema of each statement, or an empty one where it doesn't tell. */
function ranAlone({ at, db, body }: LogRow, mode: SqlMode, server: SqlServer): RanIn {
  const schema = db === null || db === '' ? undefined : db;
  const session = readUnder(body, mode, server);
  return { schema, startedAt: Math.floor(Number(at) * 1000), session, temporary: [], isRepeated: false };
}
