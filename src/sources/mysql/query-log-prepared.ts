import { createHash } from 'node:crypto';
import type { SqlMode } from './thread-modes.js';

/** Statements remembered at once; the thread that prepared none for longest is forgotten first. */
const STATEMENTS = 50_000;
/** Of one thread; the oldest is forgotten. */
const OF_THREAD = 5_000;
/** Longer texts are kept as hashes. */
const KEPT = 100;

/** Where names of a statement without a schema are, and how its text reads. */
export interface StatementPlace {
  /** Empty where the session has chosen none; absent where the log doesn't tell. */
  readonly schema: string | undefined;
  readonly mode: SqlMode;
}

interface ThreadStatements {
  readonly places: Map<string, StatementPlace>;
  /** What the thread's last row executed. */
  executed?: { readonly key: string; readonly text: string } | undefined;
  /** The thread's last row prepared this text anew, right after it was executed. */
  anew?: string | undefined;
}

/**
 * The prepared statements of each thread of a general log. One runs where it was prepared, wherever its session is when
 * it is executed; rows tell which one only by its text, so the last one prepared with a text counts.
 */
export class PreparedStatements {
  readonly #threads = new Map<string, ThreadStatements>();
  #size = 0;

  /**
   * Notes each row of the log in order.
   *
   * @param here where the thread is
   * @returns where a row's text ran, and whether the row repeats the one before: a server that has to prepare a
   *   statement anew, since a table of it has changed, logs one execution as Execute, Prepare, Execute
   */
  follow(
    thread: string,
    command: string,
    body: string,
    here: StatementPlace
  ): { readonly place: StatementPlace; readonly isRepeated: boolean } {
    if (command === 'Connect' || command === 'Change user') this.#forget(thread);
    else if (command === 'Prepare') this.#prepare(thread, body, here);
    else {
      const known = this.#threads.size === 0 ? undefined : this.#threads.get(thread);
      if (known !== undefined && command === 'Execute') return execute(known, body, here);
      if (known !== undefined) known.executed = known.anew = undefined;
    }
    return { place: here, isRepeated: false };
  }

  #prepare(thread: string, body: string, here: StatementPlace): void {
    const known = this.#threads.get(thread) ?? { places: new Map<string, StatementPlace>() };
    const { places, executed } = known;
    const key = keyOf(body);
    known.executed = undefined;
    known.anew = executed?.key === key ? executed.text : undefined;
    this.#threads.delete(thread);
    this.#threads.set(thread, known);
    // the server's own preparation keeps to the place of the first one
    if (known.anew !== undefined && places.has(key)) return;
    const before = places.size;
    places.delete(key);
    places.set(key, here);
    if (places.size > OF_THREAD) dropOldest(places);
    this.#size += places.size - before;
    while (this.#size > STATEMENTS) {
      const oldest = this.#threads.keys().next();
      if (oldest.done === true) break;
      this.#forget(oldest.value);
    }
  }

  #forget(thread: string): void {
    this.#size -= this.#threads.get(thread)?.places.size ?? 0;
    this.#threads.delete(thread);
  }
}

function execute(
  known: ThreadStatements,
  body: string,
  here: StatementPlace
): { readonly place: StatementPlace; readonly isRepeated: boolean } {
  const [key, text] = [keyOf(body), short(body)];
  const isRepeated = known.anew === text;
  known.executed = { key, text };
  known.anew = undefined;
  return { place: known.places.get(key) ?? here, isRepeated };
}

function dropOldest(places: Map<string, StatementPlace>): void {
  const oldest = places.keys().next();
  if (oldest.done !== true) places.delete(oldest.value);
}

/** Comments and names in quotes, kept as they are, or a value in one of the forms in which the server writes it. */
const VALUE =
  /(\/\*.*?\*\/|--\s[^\n]*|#[^\n]*|`[^`]*`|"(?:[^"\\]|\\.)*")|\?|(?<![\w$])(?:(?:(?:timestamp|datetime|date|time|_\w+|[xbn])\s*)?'(?:[^'\\]|\\.)*'|0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+|null)(?![\w$])/gis;

/** The same for the text as it was prepared, with `?`, and as it is executed, with values in their place. */
function keyOf(body: string): string {
  const masked = body.replace(VALUE, (_, kept: string | undefined) => kept ?? '?');
  // the sign of a number is a part of its value, or was in front of it
  return short(masked.replace(/[-+\s]+/g, ''));
}

function short(text: string): string {
  return text.length <= KEPT ? text : createHash('sha1').update(text).digest('base64');
}
