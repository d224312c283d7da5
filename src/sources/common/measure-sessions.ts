import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConnectionLost, StatementTimeout, TransientError, type TransientFacts } from '../../errors/index.js';
import type { Cell } from '../condition.js';
import type { MeasureSession } from '../measures.js';
import type { SourceContext } from '../source.js';
import { CollectedRows } from './collected-rows.js';
import type { LosableSession } from './idle-sessions.js';
import { asNothingRuns } from './nothing-runs.js';

/** By which a session tells what is now: UTC, or the server's own zone. */
export type Clock = 'utc' | 'server';

/** What a session is told of a statement before it is sent. */
export interface Telling {
  readonly clock: Clock;
  /** Whose SQL it has, if only in a part: nothing that a user's sets in the session may stay there. */
  readonly of: 'ours' | 'users';
}

const OURS: Telling = { clock: 'utc', of: 'ours' };

/** A connection that runs any SQL. */
export interface TextSession extends LosableSession {
  /** Host and port, or the socket; for messages. */
  readonly place: string;
  /** Rows as arrays of the driver's values. @param onColumns gets the column names before the first row */
  arrays(
    sql: string,
    onColumns: (names: readonly string[]) => void,
    telling: Telling
  ): AsyncIterable<readonly unknown[]>;
  /** Tables and views of which policies show only some rows, or none: schema and name. */
  readonly hidden?: readonly (readonly [schema: string, table: string])[];
}

/** A server takes a moment to see that a connection has ended. */
const ENDED_WAITS_MS = [20, 100, 1_000];

/**
 * The connections of a source that measures: one for the catalogue, and one for each unit of work. One that was lost,
 * or abandoned with unread rows, is replaced by the next statement. Where the server, or the run, allows no more, that
 * of the catalogue makes room while it is idle.
 */
export class MeasureSessions<Session extends TextSession> {
  readonly #sessions = new Set<Session>();
  #controlUsers = 0;
  #opening: Promise<Session> | undefined;

  constructor(
    private main: Session,
    private readonly open: (context: SourceContext, database?: string) => Promise<Session>,
    private readonly context: SourceContext,
    /** Makes names without a schema in users' SQL those of this one. */
    private readonly use?: (session: Session, schema: string) => Promise<void>
  ) {}

  /** All connections that are open. */
  get all(): readonly Session[] {
    return [this.main, ...this.#sessions];
  }

  /** Works with the connection for the catalogue. */
  async control<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    this.#controlUsers += 1;
    try {
      if (!this.main.usable) this.main = await this.#openControl();
      return await work(this.main);
    } finally {
      this.#controlUsers -= 1;
    }
  }

  /** @param database where a connection reads one alone, and it is not the usual one */
  async session(context: SourceContext, database?: string): Promise<MeasureSession> {
    let session = await this.#add(context, database);
    const usable = async (): Promise<Session> => {
      if (session.usable) return session;
      this.#sessions.delete(session);
      return (session = await this.#add(context, database).catch(asNothingRuns));
    };
    const measuring = (telling: Telling, prepare?: (opened: Session) => Promise<void>): MeasureSession => {
      const measure = async (sql: string, limit: number): ReturnType<MeasureSession['query']> => {
        const opened = await usable();
        try {
          await prepare?.(opened);
          return await collect(opened, sql, limit, telling);
        } catch (error) {
          throw opened.usable ? asAnswered(error) : asLost(error);
        }
      };
      return {
        rows: async (sql) => (await measure(sql, Infinity)).rows,
        query: measure,
        hidesRows: async ({ schema, table }) =>
          session.hidden?.some(([within, name]) => within === schema && name === table) === true,
        close: async () => {
          this.#sessions.delete(session);
          await session.close();
        },
      };
    };
    const forUsersSql: MeasureSession['forUsersSql'] = ({ schema }, of) =>
      measuring({ clock: of === 'users' ? 'server' : 'utc', of: 'users' }, (opened) =>
        this.use === undefined ? Promise.resolve() : this.use(opened, schema)
      );
    return { ...measuring(OURS), forUsersSql };
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((session) => session.close()));
  }

  async #add(context: SourceContext, database: string | undefined): Promise<Session> {
    const session = await this.#openWithRoom(context, database).catch(asUnopened);
    this.#sessions.add(session);
    return session;
  }

  #openControl(): Promise<Session> {
    const { signal } = this.context;
    const open = (): Promise<Session> => this.open(this.context);
    this.#opening ??= (this.#sessions.size > 0 ? open() : openSoon(open, signal)).finally(
      () => (this.#opening = undefined)
    );
    return this.#opening;
  }

  async #openWithRoom(context: SourceContext, database: string | undefined): Promise<Session> {
    const open = (): Promise<Session> => this.open(context, database);
    const isIdle = (): boolean => this.#controlUsers === 0 && this.main.usable;
    if (this.context.mostSessions !== 1 || !isIdle()) {
      try {
        return await open();
      } catch (error) {
        if (!isOfMany(error) || !isIdle()) throw error;
      }
    }
    await this.main.close();
    return openSoon(open, context.signal);
  }
}

/** Opens a connection where others have just ended. */
async function openSoon<Session>(open: () => Promise<Session>, signal: AbortSignal): Promise<Session> {
  for (const wait of ENDED_WAITS_MS) {
    try {
      return await open();
    } catch (error) {
      if (!isOfMany(error)) throw error;
    }
    await sleep(wait, undefined, { signal });
  }
  return open();
}

/** A fault that may pass, and that ended its connection. */
function asLost(error: unknown): unknown {
  if (!(error instanceof TransientError) || error instanceof StatementTimeout || error.throttled) return error;
  return new ConnectionLost(error.message, factsOf(error));
}

/** An open connection, in its answer to a statement, says that there are too many. */
function asAnswered(error: unknown): unknown {
  if (!(error instanceof TransientError) || !error.throttled) return error;
  return new TransientError(error.message, { ...factsOf(error), arose: 'statement' });
}

/** @throws always */
function asUnopened(error: unknown): never {
  if (!(error instanceof TransientError)) throw error;
  throw new TransientError(error.message, { ...factsOf(error), arose: 'opening' });
}

function factsOf({ where, remedy, throttled, retryAfterMs }: TransientError): TransientFacts {
  return {
    ...(where === undefined ? {} : { where }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    throttled,
  };
}

/** The server allows no more connections now. */
function isOfMany(error: unknown): boolean {
  return error instanceof TransientError && error.throttled;
}

/** Rows up to the limit; the rest isn't read, and its statement is ended. */
async function collect(
  session: TextSession,
  sql: string,
  limit: number,
  telling: Telling
): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
  const collected = new CollectedRows<readonly Cell[]>(`The database at ${session.place}`);
  const { rows } = collected;
  let columns: readonly string[] = [];
  const tell = (names: readonly string[]): void => {
    columns = names;
  };
  const batches = session.arrays(sql, tell, telling);
  for await (const batch of batches) {
    for (const row of batch) {
      if (rows.length >= limit) return { columns, rows };
      collected.add(z.array(z.unknown()).parse(row).map(toCell));
    }
  }
  return { columns, rows };
}

function toCell(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      if (value === null || value === undefined) return null;
      // strings of mixed character sets come as bytes
      if (Buffer.isBuffer(value)) return value.toString('utf8');
      return value instanceof Date ? value : JSON.stringify(value);
  }
}
