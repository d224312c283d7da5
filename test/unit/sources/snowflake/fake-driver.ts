/** A stand-in for snowflake-sdk: answers statements from a function and remembers what it was asked. */
import { Readable } from 'node:stream';
import type { SourceContext } from '../../../../src/sources/index.js';
import { snowflakeConnectionConfig, type SnowflakeConnectionConfig } from '../../../../src/sources/snowflake/config.js';
import type {
  Driver,
  DriverConnection,
  DriverOptions,
  DriverStatement,
} from '../../../../src/sources/snowflake/session/driver.js';

export interface AskedStatement {
  /** Without the comment at its head. */
  readonly sql: string;
  /** The comment at its head. */
  readonly comment: string;
  readonly binds: readonly (string | number)[];
}

export type FakeRow = Readonly<Record<string, unknown>>;

/** Rows, an error as the driver throws it, or `hang` for no answer at all. */
export type Answer =
  readonly FakeRow[] | Error | 'hang' | { readonly rows: readonly FakeRow[]; readonly claimed: number };

export interface FakeDriverOptions {
  /** Answers what the default does not: session set-up is answered by itself. */
  readonly answer?: (asked: AskedStatement) => Answer | undefined;
  readonly login?: (done: (error?: unknown) => void) => void;
  readonly identity?: FakeRow;
}

export class FakeDriver implements Driver {
  readonly created: DriverOptions[] = [];
  readonly asked: AskedStatement[] = [];
  destroyed = 0;
  cancelled = 0;
  /** `cancelled` when the server was told so, `logged out`. */
  readonly ends: string[] = [];
  /** Query ids whose results were fetched again. */
  readonly fetched: string[] = [];
  /** Results are kept no more. */
  forgets = false;
  readonly #options: FakeDriverOptions;
  readonly #held = new Map<string, Answer>();

  constructor(options: FakeDriverOptions = {}) {
    this.#options = options;
  }

  createConnection(options: DriverOptions): DriverConnection {
    this.created.push(options);
    return {
      connectAsync: async (done) => {
        if (this.#options.login === undefined) done?.(undefined);
        else this.#options.login((error) => done?.(error));
      },
      destroy: (done) => {
        this.destroyed += 1;
        this.ends.push('logged out');
        done(undefined);
      },
      fetchResult: ({ queryId, complete }) => {
        this.fetched.push(queryId);
        const held = this.#held.get(queryId);
        const gone = held === undefined || this.forgets;
        const statement = this.#statement(gone ? [] : held, queryId);
        setImmediate(() => complete(gone ? driverError('000709', 'Statement not found') : undefined, statement));
        return statement;
      },
      execute: ({ sqlText, binds, complete }) => {
        const [, comment = '', sql = ''] = /^(\/\*.*?\*\/)\n(.*)$/s.exec(sqlText) ?? [];
        const asked = { sql, comment, binds: binds ?? [] };
        this.asked.push(asked);
        const answer = this.#answer(asked);
        const queryId = `query-${this.asked.length}`;
        this.#held.set(queryId, answer);
        const statement = this.#statement(answer, queryId);
        if (answer !== 'hang') setImmediate(() => complete(answer instanceof Error ? answer : undefined, statement));
        return statement;
      },
    };
  }

  #answer(asked: AskedStatement): Answer {
    const answer = this.#options.answer?.(asked);
    if (answer !== undefined) return answer;
    if (asked.sql.startsWith('ALTER SESSION')) return [];
    if (asked.sql.includes('CURRENT_ROLE()')) {
      return [
        this.#options.identity ?? {
          ROLE_NAME: 'READER',
          WAREHOUSE_NAME: 'WH',
          ORGANIZATION_NAME: 'ORG',
          ACCOUNT_NAME: 'ACC',
          VERSION: '9.1',
        },
      ];
    }
    return [];
  }

  #statement(answer: Answer, queryId: string): DriverStatement {
    const rows = answer instanceof Error || answer === 'hang' ? [] : 'rows' in answer ? answer.rows : answer;
    const claimed =
      answer instanceof Error || answer === 'hang' || !('claimed' in answer) ? rows.length : answer.claimed;
    return {
      getColumns: () => [],
      getQueryId: () => queryId,
      getNumRows: () => claimed,
      streamRows: (options) => Readable.from(rows.slice(options?.start ?? 0)),
      cancel: (done) => {
        this.cancelled += 1;
        setTimeout(() => {
          this.ends.push('cancelled');
          done?.(undefined);
        }, 5);
      },
    };
  }
}

/** An error as the driver makes it of what the server says. */
export function driverError(code: string | number, message = '', more: object = {}): Error {
  return Object.assign(new Error(message), { code }, more);
}

/** A config with a password; a value of undefined takes a key out. */
export function configWith(values: Readonly<Record<string, unknown>> = {}): SnowflakeConnectionConfig {
  const all = { username: 'ANNA', account: 'org-acc', warehouse: 'WH', password: 'correct horse', ...values };
  return snowflakeConnectionConfig.parse(
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  );
}

export interface RecordedContext extends SourceContext {
  readonly warnings: string[];
  readonly statements: number[];
}

export function recordedContext(signal: AbortSignal = new AbortController().signal): RecordedContext {
  const warnings: string[] = [];
  const statements: number[] = [];
  return {
    runTag: 'openmetadata-temporal-ingestion/0.1.0 metadata run-1',
    signal,
    warnings,
    statements,
    onStatement: (milliseconds) => statements.push(milliseconds),
    onWarning: (message) => warnings.push(message),
  };
}

/** The error an awaited action throws. */
export async function thrownBy(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
