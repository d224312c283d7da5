/** Threads remembered at once, and temporary tables of each. */
const THREADS = 20_000;
const TABLES = 1_000;

const PART = '(?:`(?:[^`]|``)+`|[\\p{L}\\p{N}_$]+)';
const NAME = `${PART}(?:\\s*\\.\\s*${PART})?`;
/** Where a statement of a text begins: comments may stand in front. */
const START = '(?:^|;)(?:\\s|/\\*(?:[^*]|\\*(?!/))*\\*/|(?:-- |#)[^\\n]*\\n)*';
const CREATE = new RegExp(
  `${START}create\\s+(?:or\\s+replace\\s+)?temporary\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(${NAME})`,
  'giu'
);
const MAY_CREATE = /temporary/i;
const MAY_RENAME = /rename/i;
const DROP = new RegExp(
  `${START}drop\\s+(?:temporary\\s+)?tables?\\s+(?:if\\s+exists\\s+)?(${NAME}(?:\\s*,\\s*${NAME})*)`,
  'giu'
);
/** MariaDB's RENAME TABLE takes temporary tables, too. */
const RENAME = new RegExp(
  `${START}rename\\s+tables?\\s+(?:if\\s+exists\\s+)?(${NAME}\\s+to\\s+${NAME}(?:\\s*,\\s*${NAME}\\s+to\\s+${NAME})*)`,
  'giu'
);
const ALTER = new RegExp(
  `${START}alter\\s+(?:online\\s+|ignore\\s+)*table\\s+(?:if\\s+exists\\s+)?(${NAME}\\s+rename\\s+(?:to\\s+|as\\s+)?(?!column\\b|index\\b|key\\b|to\\b|as\\b)${NAME})\\s*(?:;|$)`,
  'giu'
);
const PAIR = new RegExp(`(${NAME})\\s+(?:rename\\s+)?(?:to\\s+|as\\s+)?(${NAME})`, 'giu');
const NAMES = new RegExp(NAME, 'gu');
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
  follow(thread: string, command: string, body: string, schema: string | undefined): void {
    if (BEGINS.has(command)) {
      this.#threads.delete(thread);
      return;
    }
    if (MAY_CREATE.test(body))
      for (const [, name = ''] of body.matchAll(CREATE)) this.#add(thread, temporaryOf(name, schema));
    const own = this.#threads.get(thread);
    if (own === undefined) return;
    for (const [from, to] of renamesIn(body, schema)) if (own.delete(keyOf(from))) own.set(keyOf(to), to);
    for (const [, names = ''] of body.matchAll(DROP))
      for (const [name] of names.matchAll(NAMES)) own.delete(keyOf(temporaryOf(name, schema)));
    if (own.size === 0) this.#threads.delete(thread);
  }

  /** The thread's temporary tables that a text may mean, as parts of names. */
  namedIn(thread: string, body: string, inSchema: string | undefined): readonly (readonly string[])[] {
    const before = this.#threads.get(thread);
    if (before === undefined) return [];
    const own = new Map(before);
    for (const [from, to] of renamesIn(body, inSchema)) if (own.has(keyOf(from))) own.set(keyOf(to), to);
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

/** What a text renames, in order. */
function renamesIn(body: string, schema: string | undefined): readonly (readonly [Temporary, Temporary])[] {
  if (!MAY_RENAME.test(body)) return [];
  return [...body.matchAll(RENAME), ...body.matchAll(ALTER)].flatMap(([, pairs = '']) =>
    [...pairs.matchAll(PAIR)].map(
      ([, from = '', to = '']) => [temporaryOf(from, schema), temporaryOf(to, schema)] as const
    )
  );
}

function keyOf({ schema, name }: Pick<Temporary, 'schema' | 'name'>): string {
  return JSON.stringify([schema, name]).toLowerCase();
}

function temporaryOf(text: string, schema: string | undefined): Temporary {
  const parts = [...text.matchAll(new RegExp(PART, 'gu'))].map(([part]) =>
    part.startsWith('`') ? part.slice(1, -1).replaceAll('``', '`') : part
  );
  const name = parts.at(-1) ?? '';
  const written = name.replaceAll('`', '``').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const named = new RegExp(`(?<![\\p{L}\\p{N}_$])${written}(?![\\p{L}\\p{N}_$])`, 'iu');
  return { schema: parts.length > 1 ? parts[0] : schema, name, named };
}
