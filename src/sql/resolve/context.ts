import type { Dialect, DialectTraits, SharedColumns } from '../dialect.js';
import { dialectTraits } from '../dialect.js';
import type { LineageOptions, SchemaLookup, Spelling } from '../query-lineage.js';
import { catalogColumns, quotedTwin } from '../column-names.js';
import { identityOf, storedName } from '../name-identity.js';
import type { Use, Way } from '../statement-tree.js';
import { isLocation, type Name, type NamePart, type Source } from '../tree.js';
import { hasPiece } from '../unknown-piece.js';
import { DroppedTables } from './dropped-tables.js';
import { knownPath } from './known-names.js';
import { NamePlace } from './name-place.js';
import type { OutputColumn, Outputs } from './outputs.js';
import { lookupOf } from './schema-lookup.js';
import { sessionKey, SessionTables, SESSION_TABLES_FIRST } from './session-tables.js';
import type { TableRef } from './table-ref.js';

/** Where these dialects keep a session's own tables. */
const TEMPORARY_SCHEMAS: Readonly<Partial<Record<Dialect, string>>> = { sqlite: 'temp', postgres: 'pg_temp' };

/** What applies to the whole SQL text: options, known columns, names. */
export class ResolveContext {
  readonly lateralAlias: boolean;
  readonly structs: boolean;
  readonly implicitRecursion: boolean;
  readonly countsRows: boolean;
  /** What a DELETE reads counts. */
  readonly countsAside: boolean;
  readonly sharedColumns: SharedColumns;
  /** Columns of tables that the SQL itself creates, as they are compared. */
  readonly created = new Map<string, readonly string[]>();
  readonly #lookup: SchemaLookup;
  readonly #fold: boolean;
  readonly #traits: DialectTraits;
  /** Names that were given out, in lower case → key of the table. */
  readonly #named = new Map<string, string>();
  readonly place: NamePlace;
  readonly session = new SessionTables<TableRef>();
  readonly dropped = new DroppedTables();
  /** A table is in one of several databases. */
  isInOneOf = false;
  /** A table is where only the run knows. */
  isInAsked = false;
  /** Keys of tables that the SQL makes. */
  readonly made = new Set<string>();

  constructor(
    readonly dialect: Dialect,
    options: LineageOptions
  ) {
    const traits = dialectTraits(dialect);
    this.lateralAlias = options.lateralAlias ?? traits.lateralAlias;
    this.structs = traits.structs;
    this.implicitRecursion = traits.implicitRecursion;
    this.sharedColumns = traits.sharedColumns;
    this.countsRows = (options.countStar ?? (dialect === 'ansi' ? 'rows' : 'nothing')) === 'rows';
    this.countsAside = options.countsAside === true;
    this.#lookup = lookupOf(options.schema);
    this.#fold = options.identifierCase === 'lower';
    this.#traits = options.exactNames === true ? { ...traits, exactNames: true } : traits;
    this.place = new NamePlace(dialect, {
      schema: options.defaultSchema === undefined ? undefined : unquoted(options.defaultSchema),
      database: options.defaultDatabase === undefined ? undefined : unquoted(options.defaultDatabase),
    });
  }

  /** The table that a name means: the session's own, else that in the first schema of the path that has it. */
  table(source: Source): TableRef {
    if (isLocation(source)) {
      const path = knownPath(source.path);
      const name = `path:${path}`;
      return { key: name, name, parts: [path], qualifier: [], kind: 'path' };
    }
    let parts = source.map((part) => this.#folded(part));
    const isTemporary = this.#isTemporary(source);
    // SQLite's `temp.t` is what `CREATE TEMP TABLE t` made.
    if (this.#isInTemporarySchema(parts)) parts = parts.slice(1);
    return this.#own(parts, isTemporary) ?? this.#placed(parts, isTemporary);
  }

  /** The session's own table, where such stand before all others. */
  #own(parts: Name, isTemporary: boolean): TableRef | undefined {
    const [part] = parts;
    if (part === undefined || parts.length > 1 || isMarked(part) || !SESSION_TABLES_FIRST.has(this.dialect))
      return undefined;
    const key = sessionKey(this.identity(part));
    const known = this.session.get(key);
    if (known !== undefined) return isTemporary ? known : this.#behind(known, parts);
    if (!isTemporary) return undefined;
    const [spelling = parts] = this.place.spellings(parts);
    const first = isUnknown(spelling) ? parts : spelling;
    const hides = this.#keyOf(first);
    return { ...this.#ref(first, true, key), qualifier: [this.identity(part).toLowerCase()], hides };
  }

  /** The session's own table where the path has schemas before it, as in `y, pg_temp`, and none is known to have it. */
  #behind(own: TableRef, parts: Name): TableRef | undefined {
    const before = this.place
      .spellings(parts)
      .slice(0, this.place.ahead)
      .filter((each) => !this.#isGone(each));
    if (before.length === 0) return own;
    if (before.some((spelling) => this.#isKnown(spelling))) return undefined;
    return { ...own, otherwise: before.map((spelling) => this.#spelt(spelling)) };
  }

  /** In the first schema of the path that has it, else in the first. */
  #placed(parts: Name, isTemporary: boolean): TableRef {
    const [part] = parts;
    const all = part === undefined || isMarked(part) ? [parts] : this.place.spellings(parts);
    const isOwn = isTemporary || this.made.has(this.#keyOf(parts));
    if (isOwn && all.some(isUnknown)) return this.#ref(parts, isTemporary);
    if (this.place.isOneOf && all.some(isUnknown)) this.isInOneOf = true;
    if (!isOwn && all.some((spelling) => this.place.asks(spelling))) this.isInAsked = true;
    const left = all.filter((spelling) => !this.#isGone(spelling));
    // read behind a DROP of another table of its name: what the catalog still has was not dropped
    const wasAnother = !left.some((each) => this.#isKnown(each)) && all.some((each) => this.#isKnown(each));
    const spellings = left.length > 0 && !wasAnother ? left : all;
    if (wasAnother) for (const each of all) if (this.#isKnown(each)) this.dropped.keep(this.#keyOf(each));
    if (spellings.length < 2 || isTemporary) return this.#ref(spellings[0] ?? parts, isTemporary);
    const known = spellings.find((spelling) => this.#isKnown(spelling));
    if (known !== undefined) return this.#ref(known, isTemporary);
    const [first = parts, ...others] = spellings;
    const further = others.filter((spelling) => !isUnknown(spelling)).map((spelling) => this.#spelt(spelling));
    return { ...this.#ref(first, isTemporary), ...(further.length > 0 ? { otherwise: further } : {}) };
  }

  /** The table that the SQL makes under this name: in the first schema of the path. */
  newTable(source: Source): TableRef {
    const [part] = isLocation(source) ? [] : source;
    const isBare = !isLocation(source) && source.length === 1 && part !== undefined && !isMarked(part);
    const isOwn = part?.temporary === true && SESSION_TABLES_FIRST.has(this.dialect);
    const [spelling] = isBare && !isOwn ? this.place.spellings([this.#folded(part)]) : [];
    const found =
      spelling === undefined || isUnknown(spelling)
        ? this.table(source)
        : this.#placed(spelling, this.#isTemporary(spelling));
    const table = part?.isOfTransaction === true ? { ...found, isOfTransaction: true as const } : found;
    this.made.add(table.key);
    return table;
  }

  /** The table under its new name: without a schema it stays in its own. */
  renamed({ from, to }: { readonly from: Name; readonly to: Name }): {
    readonly from: TableRef;
    readonly to: TableRef;
  } {
    const table = this.table(from);
    const isInPath = from.length === 1 && to.length === 1 && this.place.spellings(from).length > 1;
    const [own] = to;
    if (own !== undefined && table.key === this.session.get(table.key)?.key) {
      const { isOfTransaction } = table;
      const renamed = this.#own([this.#folded(own)], true) ?? table;
      return { from: table, to: isOfTransaction === true ? { ...renamed, isOfTransaction } : renamed };
    }
    const within = isInPath ? table.parts.slice(0, -1).map((text) => ({ text, quoted: true })) : [];
    return {
      from: table,
      to: this.#placed([...within, ...to.map((part) => this.#folded(part))], this.#isTemporary(to)),
    };
  }

  #keyOf(parts: Name): string {
    return parts
      .map((part) => this.identity(part))
      .join('\u0000')
      .toLowerCase();
  }

  #ref(parts: Name, isTemporary: boolean, written = this.#keyOf(parts)): TableRef {
    const key = this.dropped.isBared(written) && !isTemporary ? `${written}\u0000bared` : written;
    const identities = parts.map((part) => this.identity(part));
    return {
      key,
      name: this.#nameOf(key, parts),
      parts: this.#stored(parts),
      qualifier: identities.map((part) => part.toLowerCase()),
      kind: 'table',
      ...(isTemporary ? { temporary: true } : {}),
    };
  }

  #stored(parts: Name): readonly string[] {
    // Snowflake's `db..t` is in the database's PUBLIC.
    return parts.map((part) =>
      part.text === '' && this.dialect === 'snowflake' ? 'PUBLIC' : storedName(part, this.#traits)
    );
  }

  #spelt(parts: Name): Spelling {
    return { name: parts.map(({ text }) => text).join('.'), parts: this.#stored(parts) };
  }

  #isGone(parts: Name): boolean {
    return this.dropped.isGone(this.#keyOf(parts));
  }

  /** The SQL makes the table, or its columns are known. */
  #isKnown(parts: Name): boolean {
    return this.made.has(this.#keyOf(parts)) || this.#lookup(this.#spelt(parts).name) !== undefined;
  }

  /** T-SQL's `#t` and `@t`, SQLite's `temp.t`, PostgreSQL's `pg_temp.t`, `INTO TEMP t`. */
  #isTemporary(name: Name): boolean {
    const last = name.at(-1);
    return last?.temporary === true || /^[#@]/.test(last?.text ?? '') || this.#isInTemporarySchema(name);
  }

  #isInTemporarySchema([schema, ...names]: Name): boolean {
    return names.length === 1 && schema?.text.toLowerCase() === TEMPORARY_SCHEMAS[this.dialect];
  }

  /** What a name is compared by, ignoring case. */
  identity(part: NamePart): string {
    return identityOf(part, this.#traits);
  }

  /** As written, without quotes unless another table of this SQL is called so. */
  #nameOf(key: string, parts: Name): string {
    let name = parts.map(({ text }) => text).join('.');
    for (let next = parts.map((part) => `"${storedName(part, this.#traits)}"`).join('.'); ; next = `"${next}"`) {
      const holder = this.#named.get(name.toLowerCase());
      if (holder === undefined) this.#named.set(name.toLowerCase(), key);
      if (holder === undefined || holder === key) return name;
      name = next;
    }
  }

  #folded(part: NamePart): NamePart {
    return this.#fold && !part.quoted ? { ...part, text: part.text.toLowerCase() } : part;
  }

  /** What the table's columns are compared by, where they are known. */
  columnsOf(table: TableRef): readonly string[] | undefined {
    if (table.kind === 'path') return undefined;
    const created = this.created.get(table.key);
    if (created !== undefined) return created;
    const known = table.hides === undefined ? this.#lookup(table.name) : undefined;
    return known === undefined ? undefined : catalogColumns(known, this.dialect);
  }

  /** The columns that the table shows. */
  outputsOf(table: TableRef): Outputs {
    const names = this.columnsOf(table);
    if (names === undefined) return { columns: [], open: [table], certain: 0 };
    const columns = names.map((name): OutputColumn => {
      const sources = [{ table, column: name }];
      const orName = quotedTwin(name, this.dialect);
      return orName === undefined ? { name, sources } : { name, orName, sources };
    });
    return { columns, open: [], certain: columns.length };
  }

  /** What `run` chooses, makes and drops holds in it alone. */
  within<T>(run: () => T): T {
    const goBack = [this.place, this.session, this.dropped].map((each) => each.hold());
    try {
      return run();
    } finally {
      for (const back of goBack) back();
    }
  }

  /** From here on names are looked up elsewhere. */
  use(statement: Use): void {
    const { name, path } = this.#foldedUse(statement);
    this.place.use(statement, name, path);
  }

  /** Which of several ways is taken is not known. */
  goOn(way: Way): void {
    this.place.goOn(
      way,
      way.or.map((use) => this.#foldedUse(use))
    );
  }

  #foldedUse(use: Use): Use {
    const folded = (parts: Name): Name => parts.map((part) => this.#folded(part));
    return { ...use, name: folded(use.name), path: folded(use.path ?? []) };
  }
}

/** T-SQL's `#t` and `@t`, Redshift's `#t`: the session's own by name. */
function isMarked({ text }: NamePart): boolean {
  return /^[#@]/.test(text);
}

/** In a schema or database that is not known. */
function isUnknown(spelling: Name): boolean {
  return spelling.some(({ text }) => hasPiece(text));
}

function unquoted(text: string): NamePart {
  return { text, quoted: false };
}
