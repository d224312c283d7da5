import { countWords } from '../../contract/count-words.js';
import type { SqlServer, SqlSession } from '../../sql/index.js';
import type { BodyPlace } from './body-place.js';
import type { LacksSchema } from './log-schemas.js';
import { FiringStatements } from './query-log-firing.js';
import { PreparedStatements } from './query-log-prepared.js';
import type { LogRow } from './query-log-statements.js';
import { ThreadTemporaries } from './query-log-temporaries.js';
import { ThreadSchemas } from './query-log-threads.js';
import { readUnder } from './read-under.js';
import type { StoredBodies } from './stored-bodies.js';
import { ThreadModes, type SqlMode } from './thread-modes.js';
import { ThreadNumbers } from './thread-numbers.js';
import type { ThreadZones } from './thread-zones.js';
import { UnseenRuns } from './unseen-runs.js';

const BEGINS: ReadonlySet<string> = new Set(['Connect', 'Change user', 'Init DB']);
const RUNS: ReadonlySet<string> = new Set(['Query', 'Execute']);
/** The account of a replica's thread that runs what the primary's sessions did. */
const APPLIER = /\[<replication_slave>\] @ /;

/** How a statement of a log ran. */
export interface RanIn {
  /** Empty where the session has chosen none; absent where the log doesn't tell. */
  readonly schema: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** How its session reads it, where that makes a difference. */
  readonly session: SqlSession | undefined;
  /** Temporary tables that it may mean, as parts of names. */
  readonly temporary: readonly (readonly string[])[];
  /** A stored body ran it. */
  readonly ofBody?: BodyPlace | undefined;
  /** It is the row before it once more. */
  readonly isRepeated: boolean;
}

export interface LogSessionsInput {
  readonly zones: ThreadZones | undefined;
  readonly lacks: LacksSchema;
  readonly bodies: StoredBodies;
  /** That of the server, for sessions that set none. */
  readonly mode: SqlMode;
  readonly server: SqlServer;
}

/** What a general log's rows tell of its sessions, row by row. */
export class LogSessions {
  readonly #numbers: ThreadNumbers;
  readonly #schemas: ThreadSchemas;
  readonly #temporaries = new ThreadTemporaries();
  readonly #mode: SqlMode;
  readonly #modes: ThreadModes;
  readonly #statements = new PreparedStatements();
  readonly #firing: FiringStatements;
  readonly #unseen: UnseenRuns;
  #applied = 0;
  readonly #zones: ThreadZones | undefined;
  readonly #server: SqlServer;

  constructor({ zones, lacks, bodies, mode, server }: LogSessionsInput) {
    this.#numbers = new ThreadNumbers(bodies.startedAt);
    this.#schemas = new ThreadSchemas(lacks);
    this.#mode = mode;
    this.#modes = new ThreadModes(mode);
    this.#firing = new FiringStatements(bodies);
    this.#unseen = new UnseenRuns(bodies);
    this.#zones = zones;
    this.#server = server;
  }

  /**
   * Notes each row of the log in order.
   *
   * @returns undefined for a row that isn't wanted
   */
  follow(row: LogRow): RanIn | undefined {
    if (APPLIER.test(row.account)) return this.#apply(row);
    const { command, body } = row;
    let thread = this.#numbers.of(row, (name) => this.#zones?.has(name) === true);
    if (command === 'Quit') return undefined;
    const here = { schema: this.#schemas.schemaOf(thread), mode: this.#modes.modeOf(thread) };
    const { place, isRepeated } = this.#statements.follow(thread, command, body, here);
    if (command === 'Prepare' || command === 'Close stmt') return undefined;
    const own = readUnder(body, place.mode, this.#server);
    if (BEGINS.has(command)) this.#firing.beginSession(thread);
    const ofBody = RUNS.has(command) ? this.#placeOfBody(inThread(row, thread), place.schema, own) : undefined;
    const session = ofBody?.mode === undefined ? own : readUnder(body, ofBody.mode, this.#server);
    if (ofBody?.isAside === true) thread = this.#numbers.aside(row.thread);
    if (ofBody?.zone !== undefined) this.#zones?.set(thread, ofBody.zone);
    const schema = ofBody === undefined ? place.schema : ofBody.schema;
    const isWanted = row.wanted !== 0;
    const startedAt = isWanted ? timeOf(row, thread, this.#zones) : 0;
    this.#zones?.follow(thread, command, body, session);
    this.#modes.follow(inThread(row, thread), session, ofBody !== undefined);
    const temporary = isWanted ? this.#temporaries.namedIn(thread, body, schema, session) : [];
    this.#temporaries.follow(thread, command, body, schema, session);
    // a text of several statements may have a USE
    this.#schemas.follow(thread, command, body, session);
    return isWanted ? { schema, startedAt, session, temporary, ofBody, isRepeated } : undefined;
  }

  /** What to say of a log that is read to its end. */
  *warnings(table: string): Generator<string> {
    yield* this.#unseen.warnings(table);
    if (this.#applied > 0)
      yield `${table} has ${countWords(this.#applied, 'statement', 'statements')} that a replica ran for its primary: the log doesn't show their schema, so that their names without one count for nothing, and the times of some are by the clocks of the primary's sessions.`;
  }

  #apply(row: LogRow): RanIn | undefined {
    if (row.wanted === 0) return undefined;
    this.#applied += 1;
    const session = readUnder(row.body, this.#mode, this.#server);
    return { schema: '', startedAt: timeOf(row, row.thread, undefined), session, temporary: [], isRepeated: false };
  }

  #placeOfBody(row: LogRow, schema: string | undefined, session?: SqlSession): BodyPlace | undefined {
    const ofBody = this.#firing.placeOfBody(row, schema, session);
    this.#unseen.follow(row, ofBody?.schema ?? schema, ofBody !== undefined && ofBody.isOfBlock !== true, session);
    return ofBody;
  }
}

function inThread(row: LogRow, thread: string): LogRow {
  return row.thread === thread ? row : { ...row, thread };
}

/** Milliseconds since the epoch. */
function timeOf({ at, local }: LogRow, thread: string, zones: ThreadZones | undefined): number {
  const byServer = Math.floor(Number(at) * 1000);
  if (zones === undefined) return byServer;
  const shown = local === null ? Number.NaN : Date.parse(`${local.replace(' ', 'T')}Z`);
  return Number.isNaN(shown) ? byServer : zones.timeOf(thread, shown, byServer);
}
