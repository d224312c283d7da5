import { ownCopy } from './own-copy.js';
import { chosenSchemas, type SqlSession } from '../../sql/index.js';
import type { LacksSchema } from './log-schemas.js';

/** Threads remembered at once; the one not seen for longest is forgotten, and its names stay without a schema. */
const THREADS = 20_000;

/** `name@host on schema using TCP/IP`; the schema is empty when none was chosen. `Change user` has no transport. */
const CONNECT = /^.*@\S* (?:as anonymous )?on (.*?)(?: using \S+)?$/s;
/** What the server writes behind a USE, or in place of a change of the schema, that it refused. */
const DENIED = /^Access denied for user '.*'@'.*' to database '(.*)'$/s;

interface ThreadSchema {
  /** Empty where none was chosen; absent where the log doesn't tell. */
  readonly schema: string | undefined;
  /** The schemas before it, oldest first: the one that the last row left, and those within that row. */
  readonly trail: readonly (string | undefined)[];
}

/** The schema each thread of a general log is in, from the rows of the log itself. */
export class ThreadSchemas {
  readonly #threads = new Map<string, ThreadSchema>();

  constructor(private readonly lacks: LacksSchema = () => false) {}

  /** Notes a row that changes its thread's schema; other rows change nothing. */
  follow(thread: string, command: string, body: string, session?: SqlSession): void {
    switch (command) {
      case 'Connect':
        // a thread's number is used again after a restart of the server: what it had before is over
        this.#threads.delete(thread);
        this.#choose(thread, CONNECT.exec(body)?.slice(1) ?? []);
        break;
      case 'Change user': {
        const chosen = CONNECT.exec(body)?.slice(1);
        if (chosen === undefined) this.#threads.delete(thread);
        else this.#choose(thread, this.#untilLacking(chosen));
        break;
      }
      case 'Init DB': {
        // of a schema that is not there the server writes none
        const denied = DENIED.exec(body)?.[1];
        if (denied === undefined) this.#choose(thread, [body]);
        else this.#takeBack(thread, denied);
        break;
      }
      default:
        this.#choose(thread, this.#untilLacking(chosenSchemas(body, 'mysql', session)));
    }
  }

  /** Empty where the thread has chosen none; undefined where the log doesn't tell. */
  schemaOf(thread: string): string | undefined {
    const known = this.#threads.get(thread);
    if (known === undefined) return undefined;
    this.#threads.delete(thread);
    this.#threads.set(thread, known);
    return known.schema;
  }

  /** The server stops at the first that it lacks. */
  #untilLacking(schemas: readonly string[]): readonly string[] {
    const failed = schemas.findIndex((schema) => schema.trim() !== '' && this.lacks(schema));
    return failed === -1 ? schemas : schemas.slice(0, failed);
  }

  /** @param chosen one after another */
  #choose(thread: string, chosen: readonly string[]): void {
    if (chosen.length === 0) return;
    const trail = [this.#threads.get(thread)?.schema, ...chosen.map(ownCopy)];
    this.#set(thread, { schema: trail.at(-1), trail: trail.slice(0, -1) });
  }

  /** The thread is where it was before it asked for this schema. */
  #takeBack(thread: string, denied: string): void {
    const known = this.#threads.get(thread);
    if (known === undefined) return;
    const schemas = [...known.trail, known.schema];
    const at = schemas.indexOf(denied, 1);
    if (at !== -1) this.#set(thread, { schema: schemas[at - 1], trail: schemas.slice(0, at - 1) });
  }

  #set(thread: string, known: ThreadSchema): void {
    this.#threads.delete(thread);
    if (known.schema === undefined && known.trail.every((schema) => schema === undefined)) return;
    this.#threads.set(thread, known);
    if (this.#threads.size <= THREADS) return;
    const oldest = this.#threads.keys().next();
    if (oldest.done !== true) this.#threads.delete(oldest.value);
  }
}
