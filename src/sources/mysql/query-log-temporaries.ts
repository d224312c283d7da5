import { ownCopy } from './own-copy.js';
import { tableChanges, type SqlSession } from '../../sql/index.js';

/** Threads remembered at once, and temporary tables of each. */
const THREADS = 20_000;
const TABLES = 1_000;

/** A session that begins, or begins anew, has no temporary tables. A reset of the connection is not logged. */
const BEGINS: ReadonlySet<string> = new Set(['Connect', 'Change user']);

interface Temporary {
  readonly schema: string | undefined;
  readonly name: string;
  /** Finds the name in a text. */
  readonly named: RegExp;
}

/** The temporary tables of each thread of a general log, by the statements in the log itself. */
export class ThreadTemporaries {
  /** Of few threads: those without any are not here. */
  readonly #threads = new Map<string, Map<string, Temporary>>();

  /** @param schema which the thread is in */
  follow(thread: string, command: string, body: string, schema: string | undefined, session?: SqlSession): void {
    if (BEGINS.has(command)) {
      this.#threads.delete(thread);
      return;
    }
    if (!this.#threads.has(thread) && !MAY_CREATE.test(body)) return;
    for (const change of tableChanges(body, 'mysql', session)) {
      if ('created' in change) this.#add(thread, temporaryOf(change.created, schema));
      const own = this.#threads.get(thread);
      if (own === undefined) continue;
      if ('dropped' in change) own.delete(keyOf(temporaryOf(change.dropped, schema)));
      else if ('renamed' in change && own.delete(keyOf(temporaryOf(change.renamed, schema)))) {
        const renamed = temporaryOf(change.to, schema);
        own.set(keyOf(renamed), renamed);
      }
      if (own.size === 0) this.#threads.delete(thread);
    }
  }

  /** The thread's temporary tables that a text may mean, as parts of names. */
  namedIn(
    thread: string,
    body: string,
    inSchema: string | undefined,
    session?: SqlSession
  ): readonly (readonly string[])[] {
    const before = this.#threads.get(thread);
    if (before === undefined) return [];
    const own = new Map(before);
    for (const change of tableChanges(body, 'mysql', session)) {
      if (!('renamed' in change) || !own.has(keyOf(temporaryOf(change.renamed, inSchema)))) continue;
      const renamed = temporaryOf(change.to, inSchema);
      own.set(keyOf(renamed), renamed);
    }
    const named = [...own].filter(([, table]) => table.named.test(body));
    return named
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { schema, name }]) => (schema === undefined ? [name] : [schema, name]));
  }

  #add(thread: string, table: Temporary): void {
    const own = this.#threads.get(thread) ?? new Map<string, Temporary>();
    if (own.size < TABLES) own.set(keyOf(table), table);
    this.#threads.delete(thread);
    this.#threads.set(thread, own);
    if (this.#threads.size <= THREADS) return;
    const oldest = this.#threads.keys().next();
    if (oldest.done !== true) this.#threads.delete(oldest.value);
  }
}

/** Most sessions never make a temporary table: their texts need no reading. */
const MAY_CREATE = /temporary/i;

function keyOf({ schema, name }: Temporary): string {
  return JSON.stringify([schema, name]).toLowerCase();
}

function temporaryOf(parts: readonly string[], inSchema: string | undefined): Temporary {
  const name = ownCopy(parts.at(-1) ?? '');
  const written = name.replaceAll('`', '``').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const named = new RegExp(`(?<![\\p{L}\\p{N}_$])${written}(?![\\p{L}\\p{N}_$])`, 'iu');
  const schema = parts.length > 1 ? ownCopy(parts[0] ?? '') : inSchema;
  return { schema, name, named };
}
