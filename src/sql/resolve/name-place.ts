import type { Dialect } from '../dialect.js';
import type { Statement, Use, UseOf, Way } from '../statement-tree.js';
import type { NamePart } from '../tree.js';
import { hasPiece, PIECE } from '../unknown-piece.js';

/** Where names are looked up that aren't whole. */
interface Place {
  /** In order: a path has several. */
  readonly schemas: readonly NamePart[];
  readonly database: NamePart | undefined;
  /** How many of the schemas are searched before the session's own tables. */
  readonly ahead?: number;
  /** False as long as nothing has said where: then names stay as they are written. */
  readonly qualifies: boolean;
  /** It is one of several. */
  readonly isOneOf?: true;
  /** What of it only the run knows. */
  readonly asks?: Use['asks'];
}

type Transaction = Extract<Statement, { kind: 'transaction' }>;

/** What a place is in a transaction, and what it is behind it. */
interface Held {
  readonly now: Place;
  /** What holds once SET LOCAL no longer does. */
  readonly session: Place;
}

/** Ways of which one is taken: what was chosen before them, and at the ends of those before. */
interface Ways {
  readonly before: Held;
  readonly ends: readonly Held[];
}

const UNKNOWN: NamePart = { text: PIECE, quoted: false };
const ONE_OF: Place = { schemas: [], database: UNKNOWN, qualifies: true, isOneOf: true };

/** Where unqualified names are looked up when a database has just been chosen. */
const FIRST_SCHEMAS: Readonly<Partial<Record<Dialect, string>>> = {
  snowflake: 'PUBLIC',
  databricks: 'default',
  sparksql: 'default',
};
const OWN_SCHEMA: NamePart = { text: '', quoted: false };
const ONE_DATABASE: ReadonlySet<Dialect> = new Set(['postgres', 'redshift', 'oracle']);
const SCHEMAS_ARE_USED: ReadonlySet<Dialect> = new Set(['mysql', 'mariadb', 'hive', 'sparksql', 'databricks']);

/** Where a text's names are looked up, from statement to statement: what USE and its like choose. */
export class NamePlace {
  #held: Held;
  /** What a ROLLBACK brings back. */
  #begun: Held | undefined;
  /** The innermost last. */
  #ways: readonly Ways[] = [];
  readonly #saved: { readonly name: string; readonly held: Held }[] = [];
  readonly #first: Place;

  constructor(
    private readonly dialect: Dialect,
    { schema, database }: { readonly schema: NamePart | undefined; readonly database: NamePart | undefined }
  ) {
    this.#first = { schemas: schema === undefined ? [] : [schema], database, qualifies: schema !== undefined };
    this.#held = { now: this.#first, session: this.#first };
  }

  get ahead(): number {
    return this.#held.now.ahead ?? 0;
  }

  /** Several places are possible. */
  get isOneOf(): boolean {
    return this.#held.now.isOneOf === true;
  }

  /** Only the run knows the place of a name that is spelt so. */
  asks(spelling: readonly NamePart[]): boolean {
    const { asks } = this.#held.now;
    const isUnknown = spelling.some(({ text }) => hasPiece(text));
    return asks !== undefined && (isUnknown || (asks === 'database' && spelling.length < 3));
  }

  /** A name of one part in each schema where it may be, in order; other names once. */
  spellings(name: readonly NamePart[]): readonly (readonly NamePart[])[] {
    const { schemas, database, qualifies } = this.#held.now;
    if (!qualifies || name.length > 2) return [name];
    const within = name.length === 1 ? schemas.map((schema) => [schema, ...name]) : [name];
    if (database === undefined) return within.length > 0 ? within : [name];
    // T-SQL's `db..t`: the schema is the one that the session has there.
    return within.length > 0 ? within.map((parts) => [database, ...parts]) : [[database, OWN_SCHEMA, ...name]];
  }

  /** From here on names are whole. */
  use(statement: Use, name = statement.name, path = statement.path ?? []): void {
    this.#held = this.#behind(statement, name, path);
  }

  #behind(statement: Use, name = statement.name, path = statement.path ?? []): Held {
    const after = (): Place =>
      statement.isOneOf === true
        ? this.#oneOfAll
        : { ...this.#after(statement.what, name, path), ahead: statement.ahead ?? 0, ...this.#asked(statement) };
    const kept = statement.asks === undefined ? this.#first : { ...this.#held.now, asks: statement.asks };
    const now = name.length === 0 ? kept : after();
    return { now, session: statement.isLocal === true ? this.#held.session : now };
  }

  /** Whatever is chosen: that it is of one database is certain where a session has no other. */
  get #oneOfAll(): Place {
    return ONE_DATABASE.has(this.dialect) ? inOneSchema(this.#held.now) : ONE_OF;
  }

  /** `or` are those of the way, as their names are compared. */
  goOn({ does, leaves, isOpen }: Way, or: readonly Use[]): void {
    const others = or.map((use) => this.#behind(use));
    if (does === 'part') {
      this.#ways = [...this.#ways, { before: this.#held, ends: [] }];
      this.#held = oneOf([this.#held, ...others]);
      return;
    }
    const ways = this.#ways.at(-1);
    if (ways === undefined) return;
    const ends = leaves === true ? ways.ends : [...ways.ends, this.#held];
    const outer = this.#ways.slice(0, -1);
    this.#ways = does === 'next' ? [...outer, { ...ways, ends }] : outer;
    if (does === 'next') this.#held = oneOf([ways.before, ...others]);
    else this.#held = oneOf([...ends, ...(isOpen === true || ends.length === 0 ? [ways.before] : []), ...others]);
  }

  /** What SET has chosen ends with the transaction if it is LOCAL, and goes with it if this is rolled back. */
  follow({ does, name = '' }: Transaction): void {
    const { session } = this.#held;
    switch (does) {
      case 'begin':
        this.#begun ??= this.#held;
        return;
      case 'save':
        this.#saved.push({ name, held: this.#held });
        return;
      case 'discard':
        return;
      case 'restore':
        this.#held = this.#saved.findLast((each) => each.name === name)?.held ?? this.#held;
        return;
      case 'commit':
        this.#held = { now: session, session };
        break;
      case 'rollback':
        this.#held = this.#begun ?? { now: session, session };
    }
    this.#begun = undefined;
    this.#saved.length = 0;
  }

  /** @returns what brings back the state of now */
  hold(): () => void {
    const [held, ways] = [this.#held, this.#ways];
    return () => {
      this.#held = held;
      this.#ways = ways;
    };
  }

  /** `USE x` names the database where names have three parts, else the schema. */
  #after(what: UseOf | undefined, [first, second]: readonly NamePart[], path: readonly NamePart[]): Place {
    const { schemas, database } = this.#held.now;
    if (first === undefined) return this.#held.now;
    if (second !== undefined) return { schemas: [second], database: first, qualifies: true };
    if (what === 'schema' || this.#namesSchema(what)) return { schemas: [first, ...path], database, qualifies: true };
    // BigQuery's two settings stand side by side.
    if (this.dialect === 'bigquery') return { schemas, database: first, qualifies: true };
    // Snowflake switches to the database's PUBLIC; where nothing is known it is the user's own schema.
    const own = FIRST_SCHEMAS[this.dialect];
    return { schemas: own === undefined ? [] : [{ text: own, quoted: false }], database: first, qualifies: true };
  }

  /** A schema alone leaves the database in which it is as it was. */
  #asked({ asks, what, name }: Use): Pick<Place, 'asks'> {
    const isKept = what === 'schema' && name.length === 1 && this.#held.now.asks === 'database';
    const asked = isKept ? 'database' : asks;
    return asked === undefined ? {} : { asks: asked };
  }

  /** MySQL's and Spark's databases are schemas. */
  #namesSchema(what: UseOf | undefined): boolean {
    if (what === 'catalog') return false;
    return SCHEMAS_ARE_USED.has(this.dialect) || (what === undefined && !/^(snowflake|tsql)$/.test(this.dialect));
  }
}

/** The same, or none that is known. */
function oneOf(places: readonly Held[]): Held {
  return { now: onePlace(places.map(({ now }) => now)), session: onePlace(places.map(({ session }) => session)) };
}

function onePlace([first = ONE_OF, ...others]: readonly Place[]): Place {
  if (others.every((place) => placeKey(place) === placeKey(first))) return first;
  const isOneDatabase = [first, ...others].every(
    ({ database, asks }) => asks !== 'database' && textKey(database) === textKey(first.database)
  );
  return isOneDatabase ? inOneSchema(first) : ONE_OF;
}

/** The schema is one of several; a name that has one is known. */
function inOneSchema({ database }: Place): Place {
  return { schemas: [UNKNOWN], database, qualifies: true, isOneOf: true };
}

function placeKey({ schemas, database, qualifies, asks }: Place): string {
  return JSON.stringify([qualifies, asks ?? '', ...[database, ...schemas].map(textKey)]);
}

function textKey(part: NamePart | undefined): string | undefined {
  return part?.text.toLowerCase();
}
