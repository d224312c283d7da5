import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLost, isRefusal, StatementTimeout, TransientError } from '../errors/index.js';
import type { Cell, MeasureDialect, MeasureSession, MeasureValue } from '../sources/index.js';
import type { Compiled } from './compile-measures.js';
import { KnownEmpty } from './known-empty.js';
import type { MeasureStatement } from './measure-statement.js';
import { namesColumn } from './names-column.js';
import { isOwnFault } from './own-fault.js';
import { RowsProof } from './rows-proof.js';

export interface Measured {
  readonly values: Map<string, MeasureValue>;
  /** Measures without a value, with the reason: the engine refused them (an overflow, a type), or can't answer them. */
  readonly problems: Map<string, string>;
}

export interface MeasuringOptions {
  readonly signal: AbortSignal;
  /** Called before each statement; what it throws ends the measuring (a budget that is spent). */
  readonly beforeStatement?: () => void | Promise<void>;
  /**
   * Milliseconds to wait before a statement whose connection was lost, or whose source is away, is sent again; there is
   * one more attempt than there are waits.
   */
  readonly waits?: readonly number[];
  /** Whose source it is. */
  readonly dialect?: Pick<MeasureDialect, 'alive'>;
}

/** OpenMetadata's own profiler waits this long. */
const WAITS_MS = [5_000, 10_000];

/** Runs statements in one session. */
export class Measuring {
  /** By fault. */
  readonly #alone = new WeakMap<Error, Promise<boolean>>();

  constructor(
    private readonly session: MeasureSession,
    private readonly options: MeasuringOptions
  ) {}

  /**
   * All values of compiled statements. A statement that the engine refuses is halved until what it refuses is by
   * itself; of a column that can't be read at all nothing more is tried. One that the engine says isn't there is left
   * out of this statement and of those behind it; what has no rows, or NULL alone, by the first statements is not asked
   * for by the others.
   * @param probe a statement that fails only when the rows can't be read at all; sent if anything is refused, and again
   * after a refusal behind which nothing was read
   * @param problems gets what is refused as it is found: it outlives a measuring that is cut short
   * @throws StatementTimeout, TransientError, AuthenticationError; PermanentError when the rows can't be read, or the
   * source runs no statement
   */
  async take(
    { statements, unsupported }: Compiled,
    probe: string,
    problems = new Map<string, string>()
  ): Promise<Measured> {
    for (const [key, reason] of unsupported) problems.set(key, reason);
    const measured: Measured = { values: new Map(), problems };
    const proof = new RowsProof(() => this.rows(probe));
    // each is sent once
    const readable = new Set<string>();
    const lacking = new Map<string, string>();
    const empty = new KnownEmpty();
    const before = problems.size;
    for (const statement of statements) {
      const there = withoutLacking(statement, lacking, problems);
      // where something is refused, the others show whether a column can be read at all
      const isSound = problems.size === before;
      const rest = there === undefined || !isSound ? there : empty.open(there, measured.values);
      if (rest === undefined) continue;
      await this.#takeOne(rest, measured, { proof, readable, lacking });
      empty.learn(rest, measured.values);
    }
    await proof.end();
    return measured;
  }

  /**
   * The same of measures that are likely to be refused: no statement is split, and after one that is refused none of
   * the others is sent.
   * @throws StatementTimeout, TransientError, AuthenticationError
   */
  async takeWhole({ statements, unsupported }: Compiled): Promise<Measured> {
    const measured: Measured = { values: new Map(), problems: new Map(unsupported) };
    let refusal: string | undefined;
    for (const statement of statements) {
      try {
        if (refusal === undefined)
          for (const [key, value] of statement.read(await this.rows(statement.sql))) measured.values.set(key, value);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal = error.message;
      }
      if (refusal !== undefined) for (const { key } of statement.asks) measured.problems.set(key, refusal);
    }
    return measured;
  }

  /** The rows of one statement. Lost connections are retried. */
  async rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    return this.#patient(() => this.session.rows(sql));
  }

  /** The same with the columns' names, at most `limit` rows. */
  async query(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
    return this.#patient(() => this.session.query(sql, limit));
  }

  /** The columns of a SELECT, by a statement that reads no row: it takes nothing from a budget. */
  async columns(sql: string): Promise<readonly string[]> {
    const { columns } = await this.#patient(() => this.session.query(sql, 1), 'free');
    return columns;
  }

  async #takeOne(statement: MeasureStatement, measured: Measured, taking: Taking): Promise<void> {
    const { proof, readable, lacking } = taking;
    try {
      for (const [key, value] of statement.read(await this.rows(statement.sql))) measured.values.set(key, value);
      proof.read();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const absent = absentColumn(error, statement);
      if (absent !== undefined) {
        lacking.set(absent, error.message);
        const rest = withoutLacking(statement, lacking, measured.problems);
        if (rest !== undefined) await this.#takeOne(rest, measured, taking);
        return;
      }
      // a missing or forbidden table, or a sample that the engine doesn't take, fails for every part
      await proof.refused();
      if (statement.parts.length === 1 || (await this.#refuses(statement.columnProbe, proof, readable))) {
        for (const { key } of statement.asks) measured.problems.set(key, error.message);
        return;
      }
      for (const half of statement.halves()) await this.#takeOne(half, measured, taking);
    }
  }

  async #refuses(probe: string | undefined, proof: RowsProof, readable: Set<string>): Promise<boolean> {
    if (probe === undefined || readable.has(probe)) return false;
    try {
      await this.rows(probe);
      readable.add(probe);
      proof.read();
      return false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await proof.refused();
      return true;
    }
  }

  /**
   * Whether a fault that may pass lies with what its statement reads, as the source answers others: then the statement
   * is not repeated here. The source is asked once a fault.
   */
  failsAlone(error: Error): Promise<boolean> {
    const known = this.#alone.get(error) ?? isOwnFault(error, this.session, this.options.dialect ?? {});
    this.#alone.set(error, known);
    return known;
  }

  async #patient<T>(run: () => Promise<T>, cost?: 'free'): Promise<T> {
    const waits = this.options.waits ?? WAITS_MS;
    for (let tries = 0; ; tries += 1) {
      if (cost === undefined) await this.options.beforeStatement?.();
      try {
        return await run();
      } catch (error) {
        const wait = waits[tries];
        if (!(error instanceof TransientError) || error instanceof StatementTimeout || wait === undefined) throw error;
        if (!(error instanceof ConnectionLost) && (await this.failsAlone(error))) throw error;
        await sleep(wait, undefined, { signal: this.options.signal });
      }
    }
  }
}

/** What is known while statements are taken. */
interface Taking {
  readonly proof: RowsProof;
  readonly readable: Set<string>;
  /** Columns that aren't there, with the engine's words. */
  readonly lacking: Map<string, string>;
}

/** One of several columns: a statement that has no other may be refused for what the rows are made of. */
function absentColumn(error: unknown, { columns }: MeasureStatement): string | undefined {
  return columns.length < 2 ? undefined : columns.find((name) => namesColumn(error, name));
}

/** What is left of a statement. @param problems gets what is left out */
function withoutLacking(
  statement: MeasureStatement,
  lacking: ReadonlyMap<string, string>,
  problems: Map<string, string>
): MeasureStatement | undefined {
  let rest: MeasureStatement | undefined = statement;
  for (const [column, reason] of lacking) {
    const without: ReturnType<MeasureStatement['without']> | undefined = rest?.without(column);
    for (const { key } of without?.asks ?? []) problems.set(key, reason);
    rest = without?.rest;
  }
  return rest;
}
