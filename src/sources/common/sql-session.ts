import { z } from 'zod';
import type { SourceContext } from '../source.js';
import { CollectedRows } from './collected-rows.js';
import type { Clock, Telling, TextSession } from './measure-sessions.js';
import { modelledRows } from './row-model.js';
import type { SqlValue, Statement } from './statement.js';
import { statementHeader } from './statement-header.js';

/** What a session of any engine is opened with. */
export interface SessionSettings {
  /** `host:port` or the socket's path, for messages. */
  readonly place: string;
  /** How long the server may work on one statement, milliseconds; this side waits little longer for its next rows. */
  readonly statementTimeoutMs: number;
  /** Why a connection without TLS has none, for messages: `sslMode is disable`. */
  readonly whyPlain: string;
}

/** One statement as it is sent. */
export interface SentStatement {
  /** The comment at its head. */
  readonly header: string;
  readonly sql: string;
  readonly values: readonly SqlValue[];
  readonly signal: AbortSignal;
  /** How long the server may take for its next rows, milliseconds. */
  readonly stallMs: number;
  /** Statements of the engine's `undoing`, whose rows nobody wants. */
  readonly isCommands?: true;
  /** When set, rows come as arrays: called with the names of their columns before the first one. */
  readonly onColumns?: (names: readonly string[]) => void;
  /** Called at the end with the milliseconds spent waiting for the server. */
  readonly onWaited: (milliseconds: number) => void;
}

/** The server should end a statement at its time limit first: its message says more, and nothing has to be ended. */
const ANSWER_GRACE_MS = 1_000;
/** How long each statement may take that sets a new session up; they read nothing. */
const SET_UP_MS = 60_000;
/** How long a goodbye may take. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One connection whose statements run one after another; an engine adds how it sends them and sets its limits. After an
 * unfinished one (a lost connection, an abort) the connection is destroyed and the statement ended in the server.
 */
export abstract class SqlSession<Settings extends SessionSettings = SessionSettings> implements TextSession {
  /** For messages: `MySQL`. */
  protected abstract readonly engine: string;
  /** The server's own text for its version, once known. */
  protected versionText = 'version unknown';
  /** Whether the connection can be used again when a reader stops early. */
  protected abstract readonly canStop: boolean;
  /** What the driver would say on a connection that was lost before. */
  protected abstract readonly lostCode: string;
  /** False while the session is set up. */
  protected isOpen = false;
  /** Statements that give the session the server's own zone, and UTC, in which it begins. */
  protected readonly clocks?: Readonly<Record<Clock, string>>;
  /**
   * What stands around users' SQL instead, in a session that is in UTC, so that nothing that it sets in the session
   * stays there.
   */
  protected readonly undoing?: { readonly begin: Readonly<Record<Clock, string>>; readonly end: string };
  /** The same where no statements undo it: makes the session as it was opened, without a count of statements. */
  protected renew?(): Promise<void>;
  #usable = true;
  /** It is as a user's SQL left it. */
  #isLeft = false;
  #clock: Clock = 'utc';

  protected constructor(
    protected readonly settings: Settings,
    protected readonly context: SourceContext
  ) {}

  protected abstract send(statement: SentStatement): AsyncIterable<readonly unknown[]>;
  /** The server answered the statement with an error: the connection is as good as before. */
  protected abstract isRefusal(error: unknown): boolean;
  /** The driver's or server's error as one of the tree. */
  protected abstract explain(error: unknown): Error;
  /** Says goodbye. */
  protected abstract end(): Promise<unknown>;
  /** Without a goodbye: the server may be in the middle of an answer. */
  protected abstract destroyConnection(): void;
  /**
   * Ends the statement of this connection in the server, over another one. Best effort, bounded; never throws.
   * @param wasLost the connection had ended already
   */
  protected abstract cancel(wasLost: boolean): Promise<void>;

  get place(): string {
    return this.settings.place;
  }

  get whyPlain(): string {
    return this.settings.whyPlain;
  }

  /** False once the connection is lost or was given up. */
  get usable(): boolean {
    return this.#usable;
  }

  /** All rows of a statement whose result is small. */
  async query<Row>(statement: Statement<Row>): Promise<Row[]> {
    const collected = new CollectedRows<Row>(`${this.engine} at ${this.place}`);
    for await (const batch of this.rows(statement)) for (const row of batch) collected.add(row);
    return collected.rows;
  }

  /** Rows in batches as they come. Only ends when the server says that there are no more; otherwise throws. */
  async *rows<Row>({ sql, values, row }: Statement<Row>): AsyncGenerator<readonly Row[], void, undefined> {
    const model = z.array(row);
    const who = `${this.engine} at ${this.place} (${this.versionText})`;
    for await (const batch of this.#stream(sql, values)) yield modelledRows(model, batch, who);
  }

  async *arrays(
    sql: string,
    onColumns: (names: readonly string[]) => void,
    { clock, of }: Telling
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    const { undoing } = this;
    if (undoing === undefined || of === 'ours') {
      await this.#tell(clock);
      this.#isLeft = of === 'users';
      yield* this.#stream(sql, [], { onColumns });
      return;
    }
    try {
      await this.command(undoing.begin[clock]);
      yield* this.#stream(sql, [], { onColumns });
    } finally {
      // the rows are whole, or their own fault says more
      if (this.#usable) await this.command(undoing.end).catch(() => this.destroy());
    }
  }

  async #tell(clock: Clock): Promise<void> {
    if (this.#isLeft && this.renew !== undefined) {
      if (this.#usable) await this.renew();
      this.#clock = 'utc';
    }
    this.#isLeft = false;
    if (this.clocks !== undefined && this.#clock !== clock) await this.command(this.clocks[clock]);
    this.#clock = clock;
  }

  /** It reads nothing, and counts for none. */
  protected async command(sql: string): Promise<void> {
    const nothing = this.#stream(sql, [], { isCommands: true }, () => undefined);
    while ((await nothing.next()).done !== true);
  }

  /** Says goodbye; never throws. */
  async close(): Promise<void> {
    if (this.#usable) {
      this.#usable = false;
      const over = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([this.end().catch(() => undefined), over]);
    }
    this.destroy();
  }

  /** The connection is lost: the next statement reports it. */
  protected readonly lose = (): void => {
    this.#usable = false;
  };

  protected destroy(): void {
    this.lose();
    this.destroyConnection();
  }

  async *#stream(
    sql: string,
    values: readonly SqlValue[],
    how: Pick<SentStatement, 'onColumns' | 'isCommands'> = {},
    onWaited = this.context.onStatement
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    const { signal, runTag } = this.context;
    const { statementTimeoutMs } = this.settings;
    let state: 'before' | 'reading' | 'over' = 'before';
    try {
      signal.throwIfAborted();
      if (!this.#usable) throw Object.assign(new Error('the connection was lost before'), { code: this.lostCode });
      state = 'reading';
      yield* this.send({
        ...{ header: statementHeader(runTag), sql, values, signal, onWaited },
        stallMs: (this.isOpen ? statementTimeoutMs : Math.min(SET_UP_MS, statementTimeoutMs)) + ANSWER_GRACE_MS,
        ...how,
      });
      state = 'over';
    } catch (error) {
      if (state === 'reading' && !this.isRefusal(error)) await this.#abandon();
      state = 'over';
      throw signal.aborted ? signal.reason : this.explain(error);
    } finally {
      if (state === 'reading' && !this.canStop) await this.#abandon();
    }
  }

  /** The connection still has rows of a statement, or is broken: nothing of it may keep running in the server. */
  async #abandon(): Promise<void> {
    const wasLost = !this.#usable;
    this.destroy();
    await this.cancel(wasLost);
  }
}
