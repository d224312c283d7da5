import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLost, isRefusal, StatementTimeout, TransientError } from '../errors/index.js';
import type { Cell, MeasureDialect, MeasureSession, MeasureValue } from '../sources/index.js';
import type { Compiled } from './compile-measures.js';
import { KnownEmpty } from './known-empty.js';
import { absentColumn, withoutLacking } from './lacking-columns.js';
import type { MeasureStatement } from './measure-statement.js';
import { OpenSplits } from './open-splits.js';
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
  /** Where users' own statements run; default: where the others do. */
  readonly users?: MeasureSession;
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
   * @param splits what is known of statements that an earlier measuring split; outlives this one, too
   * @throws StatementTimeout, TransientError, AuthenticationError; PermanentError when the rows can't be read, or the
   * source runs no statement
   */
  async take(
    { statements, unsupported }: Compiled,
    probe: string,
    problems = new Map<string, string>(),
    splits = new OpenSplits()
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
      for (const piece of splits.piecesOf(rest)) {
        const asked = withoutLacking(piece.statement, lacking, problems);
        if (asked === undefined) splits.settled(piece.statement);
        else await this.#takeOne(asked, measured, { proof, readable, lacking, splits }, piece.isRefused);
      }
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

  /** The same of a statement that is a user's. */
  async users(sql: string, limit: number): ReturnType<Measuring['query']> {
    return this.#patient(() => this.#usersSession.query(sql, limit));
  }

  /** The same of one that costs only itself: what fails alone is sent again here, too. */
  async usersOwn(sql: string, limit: number): ReturnType<Measuring['query']> {
    return this.#patient(() => this.#usersSession.query(sql, limit), { again: true });
  }

  /** How often a statement is sent whose fault may pass. */
  get mostTries(): number {
    return this.#waits.length + 1;
  }

  /** The columns of a SELECT, by a statement that reads no row: it takes nothing from a budget. */
  async columns(sql: string): Promise<readonly string[]> {
    const { columns } = await this.#patient(() => this.session.query(sql, 1), { isFree: true });
    return columns;
  }

  /** @param isRefused known from an earlier measuring */
  async #takeOne(statement: MeasureStatement, measured: Measured, taking: Taking, isRefused = false): Promise<void> {
    const { proof, readable, lacking, splits } = taking;
    const isOne = statement.parts.length === 1;
    let refusal: string | undefined;
    if (!isRefused || isOne) {
      try {
        for (const [key, value] of statement.read(await this.rows(statement.sql))) measured.values.set(key, value);
        proof.read();
        splits.settled(statement);
        return;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const absent = absentColumn(error, statement);
        if (absent !== undefined) {
          lacking.set(absent, error.message);
          const rest = withoutLacking(statement, lacking, measured.problems);
          splits.settled(statement);
          if (rest !== undefined) await this.#takeOne(rest, measured, taking);
          return;
        }
        splits.refused(statement);
        // a missing or forbidden table, or a sample that the engine doesn't take, fails for every part
        await proof.refused();
        // what to do is said of one measure: of a whole statement the refusal may be another one's
        refusal = isOne && error.remedy !== undefined ? error.describe() : error.message;
      }
    }
    const ofColumn = isOne ? refusal : await this.#refusal(statement.columnProbe, proof, readable);
    if (ofColumn !== undefined) {
      for (const { key } of statement.asks) measured.problems.set(key, refusal ?? ofColumn);
      splits.settled(statement);
      return;
    }
    const halves = statement.halves();
    splits.halved(statement, halves);
    for (const half of halves) await this.#takeOne(half, measured, taking);
  }

  /** What the source says to a statement that only reads a column. */
  async #refusal(probe: string | undefined, proof: RowsProof, readable: Set<string>): Promise<string | undefined> {
    if (probe === undefined || readable.has(probe)) return undefined;
    try {
      await this.rows(probe);
      readable.add(probe);
      proof.read();
      return undefined;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await proof.refused();
      return error.message;
    }
  }

  /**
   * Whether a fault that may pass, or a refused login, lies with what its statement reads, as the source answers
   * others: then the statement is not repeated here. The source is asked once a fault.
   */
  failsAlone(error: Error): Promise<boolean> {
    const known = this.#alone.get(error) ?? isOwnFault(error, this.session, this.options.dialect ?? {});
    this.#alone.set(error, known);
    return known;
  }

  get #waits(): readonly number[] {
    return this.options.waits ?? WAITS_MS;
  }

  get #usersSession(): MeasureSession {
    return this.options.users ?? this.session;
  }

  async #patient<T>(
    run: () => Promise<T>,
    { isFree = false, again = false }: { readonly isFree?: boolean; readonly again?: boolean } = {}
  ): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (!isFree) await this.options.beforeStatement?.();
      try {
        return await run();
      } catch (error) {
        const wait = this.#waits[tries];
        if (!(error instanceof TransientError) || error instanceof StatementTimeout || wait === undefined) throw error;
        if (!again && !(error instanceof ConnectionLost) && (await this.failsAlone(error))) throw error;
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
  readonly splits: OpenSplits;
}
