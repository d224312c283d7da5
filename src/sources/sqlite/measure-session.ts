import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PermanentError, StatementTimeout, TransientError } from '../../errors/index.js';
import type { Cell } from '../condition.js';
import type { MeasureSession } from '../measures.js';
import type { SourceContext } from '../source.js';
import { tooMuch } from '../common/collected-rows.js';
import { statementHeader } from '../common/statement-header.js';
import { BUSY_TIMEOUT_MS } from './connection.js';
import { sqliteError } from './errors.js';
import type { ProcessAnswer, ProcessTask } from './measure-process.js';

const PROGRAM = fileURLToPath(new URL('./measure-process.js', import.meta.url));

/**
 * Statements in a separate process, which is ended when one takes too long or is given up; the next statement starts
 * another.
 */
export class SqliteMeasureSession implements MeasureSession {
  #process: ChildProcess | undefined;
  /** Of processes that were told to end. */
  readonly #ends: Promise<void>[] = [];

  constructor(
    private readonly file: string,
    private readonly uri: string,
    private readonly context: SourceContext,
    private readonly timeoutMs: number
  ) {}

  async rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    return (await this.query(sql, Number.MAX_SAFE_INTEGER)).rows;
  }

  async query(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
    const started = performance.now();
    try {
      const answer = await this.#ask({ sql: statementHeader(this.context.runTag) + sql, limit });
      if (answer.kind === 'ready') throw ended(this.file, 'out of step');
      if (answer.kind === 'too-much') throw tooMuch(`SQLite database ${this.file}`);
      if (answer.kind === 'error') {
        throw sqliteError(Object.assign(new Error(answer.message), { code: answer.code }), this.file);
      }
      return { columns: answer.columns, rows: answer.rows.map((row) => row.map(toCell)) };
    } finally {
      this.context.onStatement(performance.now() - started);
    }
  }

  /** Until its processes have ended they may hold locks on the file. */
  async close(): Promise<void> {
    this.#end();
    await Promise.all(this.#ends);
  }

  /** A statement on which the library aborts is tried once more, for texts that aren't UTF-8. */
  async #ask(task: ProcessTask): Promise<ProcessAnswer> {
    try {
      return await this.#askOnce(task);
    } catch (error) {
      if (!(error instanceof Aborted)) throw error;
      return await this.#askOnce({ ...task, textsAsBytes: true });
    }
  }

  async #askOnce(task: ProcessTask): Promise<ProcessAnswer> {
    const { signal } = this.context;
    signal.throwIfAborted();
    const child = this.#process ?? (await this.#start());
    return await this.#answer(child, this.timeoutMs, () => {
      child.send(task, () => undefined);
    });
  }

  /** The time limit of a statement begins when its process is ready. */
  async #start(): Promise<ChildProcess> {
    const child = fork(PROGRAM, [this.uri, String(BUSY_TIMEOUT_MS)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#process = child;
    await this.#answer(child, START_TIMEOUT_MS, () => undefined);
    return child;
  }

  async #answer(child: ChildProcess, timeoutMs: number, send: () => void): Promise<ProcessAnswer> {
    const { signal } = this.context;
    return await new Promise<ProcessAnswer>((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        child.removeAllListeners();
        // Without a listener, an error of a dying process would end this one.
        child.on('error', () => undefined);
        act();
      };
      const giveUp = (error: unknown): void =>
        settle(() => {
          this.#end();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      const abort = (): void => giveUp(signal.reason);
      const tooLong = (): void =>
        giveUp(
          new StatementTimeout(`SQLite database ${this.file}: a statement took longer than ${timeoutMs / 1000} s.`)
        );
      const timer = setTimeout(tooLong, Math.min(timeoutMs, LONGEST_TIMER_MS));
      signal.addEventListener('abort', abort, { once: true });
      child.on('message', (answer: ProcessAnswer) => settle(() => resolve(answer)));
      child.on('error', (error) => giveUp(ended(this.file, error.message)));
      child.on('exit', (code, by) => {
        const crashed = by !== null && CRASHES.has(by);
        giveUp(crashed ? new Aborted(this.file, by) : ended(this.file, by ?? `code ${code}`));
      });
      send();
    });
  }

  #end(): void {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    this.#ends.push(endOf(child));
    child.kill('SIGKILL');
  }
}

/** No longer than a disk that doesn't answer should keep anyone waiting. */
async function endOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, END_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const END_TIMEOUT_MS = 5_000;
/** A process that isn't up by then never will be. */
const START_TIMEOUT_MS = 60_000;
/** Of setTimeout. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What a process does to itself; the system that is out of memory sends SIGKILL. */
const CRASHES: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGTRAP', 'SIGFPE']);

/** The same statement would end the next process alike. */
class Aborted extends PermanentError {
  constructor(file: string, by: string) {
    super(`SQLite database ${file}: the library gave up on this statement and ended its process (${by}).`, {
      remedy: 'Run `PRAGMA integrity_check` on the file, and leave out the column that the report names.',
    });
  }
}

function ended(file: string, how: string): TransientError {
  return new TransientError(`The process that measures SQLite database ${file} ended (${how}).`, {
    remedy: 'Look whether the host has run out of memory.',
  });
}

function toCell(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      return value instanceof Uint8Array ? value : null;
  }
}
