import { chosenSchema } from '../../sql/index.js';

/** Threads remembered at once; the one not seen for longest is forgotten, and its names stay without a schema. */
const THREADS = 20_000;

/** `name@host on schema using TCP/IP`; the schema is empty when none was chosen. `Change user` has no transport. */
const CONNECT = /^.*@\S* (?:as anonymous )?on (.*?)(?: using \S+)?$/s;

/** The schema each thread of a general log is in, from the rows of the log itself. */
export class ThreadSchemas {
  readonly #schemas = new Map<string, string>();

  /** Notes a row that changes its thread's schema; other rows change nothing. */
  follow(thread: string, command: string, body: string): void {
    switch (command) {
      case 'Connect':
      case 'Change user':
        // a thread's number is used again after a restart of the server: what it had before is over
        this.#set(thread, CONNECT.exec(body)?.[1] ?? '');
        break;
      case 'Init DB':
        this.#set(thread, body);
        break;
      default: {
        const chosen = chosenSchema(body, 'mysql');
        if (chosen !== undefined) this.#set(thread, chosen);
      }
    }
  }

  schemaOf(thread: string): string | undefined {
    const schema = this.#schemas.get(thread);
    if (schema === undefined) return undefined;
    this.#schemas.delete(thread);
    this.#schemas.set(thread, schema);
    return schema;
  }

  #set(thread: string, schema: string): void {
    this.#schemas.delete(thread);
    if (schema.trim() === '') return;
    this.#schemas.set(thread, schema);
    if (this.#schemas.size <= THREADS) return;
    const oldest = this.#schemas.keys().next();
    if (oldest.done !== true) this.#schemas.delete(oldest.value);
  }
}
