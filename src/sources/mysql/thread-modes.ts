import type { SqlSession } from '../../sql/index.js';
import { setAssignments } from './set-assignments.js';

/** Threads remembered at once; the one whose SET is the oldest is forgotten, and has the server's mode again. */
const THREADS = 20_000;
const BEGINS: ReadonlySet<string> = new Set(['Connect', 'Change user']);

/** What of a sql_mode tells how a text reads. */
export interface SqlMode {
  /** PIPES_AS_CONCAT: `||` joins texts. */
  readonly pipes: boolean;
  /** ANSI_QUOTES: names stand in double quotes. */
  readonly quotes: boolean;
  /** NO_BACKSLASH_ESCAPES: a backslash is a character like any other. */
  readonly backslashes: boolean;
}

/** Modes that stand for several, in which both are. */
const BOTH = 'ansi|oracle|mssql|postgresql|db2|maxdb';
const PIPES = new RegExp(`\\b(?:pipes_as_concat|${BOTH})\\b`, 'i');
const QUOTES = new RegExp(`\\b(?:ansi_quotes|${BOTH})\\b`, 'i');
const BACKSLASHES = /\bno_backslash_escapes\b/i;
/** What a number says of each. */
const [PIPES_BIT, QUOTES_BIT, BACKSLASHES_BIT] = [2n, 4n, 0x100000n];
const LITERAL = /^(?:'[^']*'|"[^"]*"|\w+)$/;
const OWN = /@@(?:(session|local|global)\s*\.\s*)?sql_mode\b/i;
const TAKES_AWAY = /\b(?:replace|list_drop)\b/i;

/** The sql_mode that a value of SQL is. */
export function sqlMode(value: string): SqlMode {
  // a number has a bit for each
  if (/^\d{1,20}$/.test(value)) {
    const has = (bit: bigint): boolean => (BigInt(value) & bit) !== 0n;
    return { pipes: has(PIPES_BIT), quotes: has(QUOTES_BIT), backslashes: has(BACKSLASHES_BIT) };
  }
  return { pipes: PIPES.test(value), quotes: QUOTES.test(value), backslashes: BACKSLASHES.test(value) };
}

const KINDS = ['pipes', 'quotes', 'backslashes'] as const;

export function isSameMode(one: SqlMode | undefined, other: SqlMode): boolean {
  return KINDS.every((kind) => one?.[kind] === other[kind]);
}

/** The sql_mode of each thread of a general log, by its own SETs. */
export class ThreadModes {
  readonly #threads = new Map<string, SqlMode>();
  #global: SqlMode;

  /** @param server that of sessions which set none */
  constructor(private readonly server: SqlMode) {
    this.#global = server;
  }

  /** @param isOfBody the server puts the mode of a session back when a body ends, and reads none of its texts by it */
  follow(
    { thread, command, body }: Readonly<Record<'thread' | 'command' | 'body', string>>,
    session?: SqlSession,
    isOfBody = false
  ): void {
    if (BEGINS.has(command)) {
      this.#set(thread, this.#global);
      return;
    }
    for (const { value, isGlobal } of setAssignments(body, 'sql_mode', session)) {
      if (isGlobal) this.#global = this.#valueOf(value, this.#global, this.server);
      else if (!isOfBody) this.#set(thread, this.#valueOf(value, this.modeOf(thread), this.#global));
    }
  }

  modeOf(thread: string): SqlMode {
    return this.#threads.get(thread) ?? this.server;
  }

  /**
   * @param before what the value adds to, or takes from, if it is put together of that
   * @param given for DEFAULT and whatever isn't known: what scripts keep in a variable, to put it back
   */
  #valueOf(value: string, before: SqlMode, given: SqlMode): SqlMode {
    if (/^default$/i.test(value)) return given;
    if (LITERAL.test(value)) return sqlMode(value);
    const own = OWN.exec(value);
    if (own === null) return given;
    const base = own[1]?.toLowerCase() === 'global' ? this.#global : before;
    const named = sqlMode(value);
    const isTaken = TAKES_AWAY.test(value);
    const both = (of: keyof SqlMode): boolean => (isTaken ? base[of] && !named[of] : base[of] || named[of]);
    return { pipes: both('pipes'), quotes: both('quotes'), backslashes: both('backslashes') };
  }

  #set(thread: string, mode: SqlMode): void {
    this.#threads.delete(thread);
    if (isSameMode(mode, this.server)) return;
    this.#threads.set(thread, mode);
    if (this.#threads.size <= THREADS) return;
    const oldest = this.#threads.keys().next();
    if (oldest.done !== true) this.#threads.delete(oldest.value);
  }
}
