import { PermanentError, TransientError } from '../../../errors/index.js';
import type { SourceContext } from '../../source.js';
import { CollectedRows } from '../../common/collected-rows.js';
import { statementHeader } from '../../common/statement-header.js';
import type { DriverColumn, DriverConnection, DriverExecuteOptions, DriverStatement } from './driver.js';
import { toIngestionError } from '../errors.js';
import { streamResult } from './result-stream.js';
import type { Row } from './row.js';

export interface Statement {
  readonly sql: string;
  /** Values of the `?` in `sql`. */
  readonly binds?: readonly (string | number)[];
  /** What it is for; messages begin with it: `listing the tables of ANALYTICS.RAW`. */
  readonly doing: string;
  /** Numbers as text: the driver turns all of them into doubles, even whole numbers beyond 2^53. */
  readonly numbersAsText?: true;
}

/** A result that the server keeps for a day. */
export interface HeldResult {
  readonly queryId: string;
  readonly rows: number;
  /** The names of its columns, also where it has no rows. */
  columns(): readonly string[];
  /** Its columns by their names, which say of what type they are. */
  types(): ReadonlyMap<string, DriverColumn>;
  /** Its rows after the first `start`. */
  batches(start: number): AsyncGenerator<readonly Row[]>;
}

/** More rows than this are streamed, never collected: SHOW returns no more, and longer lists are read page by page. */
export const MOST_COLLECTED_ROWS = 10_000;
/** A logout that takes longer is left to the server, which ends idle sessions. */
const CLOSE_TIMEOUT = 5_000;

/** One logged-in session. Statements may overlap; none of them holds more than a few result chunks in memory. */
export class Session {
  readonly #connection: DriverConnection;
  readonly #context: SourceContext;
  readonly #networkTimeout: number;
  readonly #header: string;
  /** Statements of this login that the server is being told to end. */
  readonly #cancels: Set<Promise<void>>;
  #closed = false;

  constructor(
    connection: DriverConnection,
    context: SourceContext,
    networkTimeout: number,
    cancels = new Set<Promise<void>>()
  ) {
    this.#connection = connection;
    this.#cancels = cancels;
    this.#context = context;
    this.#networkTimeout = networkTimeout;
    this.#header = statementHeader(context.runTag);
  }

  get context(): SourceContext {
    return this.#context;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The same login for other work, with its own signal and tag and time to wait; closing is left to this one. */
  forWork(context: SourceContext, answerTimeout: number): Session {
    return new Session(this.#connection, context, answerTimeout, this.#cancels);
  }

  /** Runs the statement when iteration begins and gives its rows one by one, as they come. */
  async *stream(statement: Statement): AsyncGenerator<Row> {
    for await (const batch of this.batches(statement)) yield* batch;
  }

  /** The same in batches, for long results. */
  async *batches(statement: Statement): AsyncGenerator<readonly Row[]> {
    yield* (await this.open(statement)).batches(0);
  }

  /** Runs the statement; its rows can be read from any row on. */
  async open(statement: Statement): Promise<HeldResult> {
    return this.#held(await this.#execute(statement), statement.doing, statement.numbersAsText);
  }

  /**
   * The result of a statement that ran before, without running it again.
   * @throws PermanentError when the server no longer has it
   */
  async reopen(queryId: string, doing: string): Promise<HeldResult> {
    const running = await this.#answer(doing, (complete) =>
      this.#connection.fetchResult({ queryId, streamResult: true, complete })
    );
    return this.#held(running, doing);
  }

  #held(running: DriverStatement, doing: string, asText?: true): HeldResult {
    const rows = running.getNumRows();
    return {
      queryId: running.getQueryId(),
      rows,
      columns: () => (running.getColumns() ?? []).map((column) => column.getName()),
      types: () => new Map((running.getColumns() ?? []).map((column) => [column.getName(), column])),
      batches: (start) =>
        streamResult({
          rows:
            start === 0 && asText === undefined
              ? running.streamRows()
              : running.streamRows({
                  ...(start === 0 ? {} : { start }),
                  ...(asText === undefined ? {} : { fetchAsString: ['Number'] }),
                }),
          expected: rows - start,
          stallAfter: this.#networkTimeout,
          signal: this.#context.signal,
          doing,
        }),
    };
  }

  /**
   * All rows of a result known to be small.
   * @throws PermanentError when it is not
   */
  async all(statement: Statement): Promise<Row[]> {
    const collected = new CollectedRows<Row>(`${statement.doing}: Snowflake`);
    for await (const row of this.stream(statement)) {
      if (collected.rows.length >= MOST_COLLECTED_ROWS) {
        throw new PermanentError(
          `${statement.doing}: more than ${MOST_COLLECTED_ROWS} rows came where no more are expected.`
        );
      }
      collected.add(row, row.values);
    }
    return collected.rows;
  }

  /** The only row of a result, or undefined. */
  async one(statement: Statement): Promise<Row | undefined> {
    return (await this.all(statement))[0];
  }

  /**
   * Logs out, once the server knows which statements to end: without the session it would not be told. Never throws: a
   * session that cannot be closed is ended by the server.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await atMost(CLOSE_TIMEOUT, Promise.all(this.#cancels));
    await atMost(CLOSE_TIMEOUT, new Promise<void>((resolve) => this.#connection.destroy(() => resolve())));
  }

  #cancel(statement: DriverStatement): void {
    const told = new Promise<void>((resolve) => statement.cancel(() => resolve()));
    this.#cancels.add(told);
    void told.then(() => this.#cancels.delete(told));
  }

  async #execute({ sql, binds, doing }: Statement): Promise<DriverStatement> {
    const started = Date.now();
    try {
      return await this.#answer(doing, (complete) =>
        this.#connection.execute({
          sqlText: this.#header + sql,
          ...(binds === undefined ? {} : { binds: [...binds] }),
          streamResult: true,
          complete,
        })
      );
    } finally {
      this.#context.onStatement(Date.now() - started);
    }
  }

  /** Waits for the answer, no longer than the network timeout; gives up on the statement when the run is ended. */
  async #answer(
    doing: string,
    start: (complete: DriverExecuteOptions['complete']) => DriverStatement
  ): Promise<DriverStatement> {
    const { signal } = this.#context;
    signal.throwIfAborted();
    if (this.#closed) throw new PermanentError(`${doing}: the session is closed.`);
    return await new Promise<DriverStatement>((resolve, reject) => {
      let settled = false;
      const settle = (act: () => void): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        act();
      };
      const giveUp = (reason: unknown): void =>
        settle(() => {
          this.#cancel(running);
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        });
      const abort = (): void => giveUp(signal.reason);
      const timer = setTimeout(() => {
        giveUp(new TransientError(`${doing}: Snowflake gave no answer for ${this.#networkTimeout / 1000} s.`));
      }, this.#networkTimeout);
      signal.addEventListener('abort', abort, { once: true });
      const running = start((error, statement) =>
        settle(() => {
          if (error === undefined || error === null) resolve(statement);
          else reject(toIngestionError(error, doing));
        })
      );
    });
  }
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
