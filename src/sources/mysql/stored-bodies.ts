import { bodyWrites } from './body-writes.js';
import { bodyKey, statementsOf } from './body-statements.js';
import type { SqlSession } from '../../sql/index.js';
import { namesCalled, type CalledName } from './names-called.js';
import { tablesWritten, type PlacedStatement } from './tables-written.js';

/** A function, procedure or trigger that this account sees. */
export interface StoredBody {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'trigger';
  /** Of a trigger: its table. */
  readonly table?: string | undefined;
  /** Absent where the account may not see it. */
  readonly body?: string | undefined;
  /** How the server reads the body, where that makes a difference. */
  readonly session?: SqlSession | undefined;
}

/** Followed at most, from what a statement runs to what that runs. */
const REACHED = 200;

/** What is known of a server's stored bodies as a whole. */
export interface BodiesKnown {
  /** Whether all functions and procedures are among them, with their bodies. */
  readonly seesAll: boolean;
  /** Whether all triggers are among them. */
  readonly seesTriggers: boolean;
  /** Whether the server logs what procedures do. */
  readonly logsProcedures: boolean;
  /** Whether it may log the statements of blocks that sessions send, besides the blocks. Default: as procedures'. */
  readonly logsBlocks?: boolean;
}

const NOTHING_KNOWN: BodiesKnown = { seesAll: false, seesTriggers: false, logsProcedures: false, logsBlocks: true };

/** What a server has of stored functions, procedures and triggers, found by the statements in them. */
export class StoredBodies {
  readonly #byStatement = new Map<string, StoredBody[]>();
  /** Functions and procedures by name. */
  readonly #routines = new Map<string, StoredBody[]>();
  /** Triggers by their tables. */
  readonly #triggers = new Map<string, StoredBody[]>();
  readonly #runs = new Map<StoredBody, readonly StoredBody[]>();
  readonly seesAll: boolean;
  readonly seesTriggers: boolean;
  readonly logsProcedures: boolean;
  readonly logsBlocks: boolean;

  /** @param isNative of a name in lower case: the server's own function, or a word of its SQL */
  constructor(
    bodies: readonly StoredBody[],
    private readonly isNative: (name: string) => boolean,
    { seesAll, seesTriggers, logsProcedures, logsBlocks = logsProcedures }: BodiesKnown = NOTHING_KNOWN
  ) {
    this.seesAll = seesAll;
    this.seesTriggers = seesTriggers;
    this.logsProcedures = logsProcedures;
    this.logsBlocks = logsBlocks;
    for (const stored of bodies) {
      if (stored.kind === 'procedure' && !logsProcedures) continue;
      if (stored.kind !== 'trigger') this.#routines.set(keyOf(stored.name), [...this.#named(stored.name), stored]);
      else if (stored.table !== undefined)
        this.#triggers.set(keyOf(stored.table), [...(this.#triggers.get(keyOf(stored.table)) ?? []), stored]);
      if (stored.body === undefined) continue;
      for (const key of statementsOf(stored.body)) {
        const known = this.#byStatement.get(key);
        if (known === undefined) this.#byStatement.set(key, [stored]);
        else if (!known.includes(stored)) known.push(stored);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#byStatement.size === 0;
  }

  /** Those with this statement, as the server logs it. */
  with(statement: string): readonly StoredBody[] {
    return this.isEmpty ? [] : (this.#byStatement.get(bodyKey(statement)) ?? []);
  }

  /** Whether a name that is called without a schema may be a stored function of this one. */
  mayBeFunction(schema: string | undefined, name: string): boolean {
    return this.#ofName({ schema, name }).length > 0 || !(this.seesAll || this.isNative(keyOf(name)));
  }

  /** Whether this account sees what a procedure does. */
  isSeen(called: CalledName): boolean {
    return this.#ofName(called).some(({ kind, body }) => kind === 'procedure' && body !== undefined);
  }

  /**
   * The functions and procedures that statements call, triggers of tables that they write, and what these run; those
   * nearest to the statements first.
   */
  reachedFrom(statements: readonly PlacedStatement[]): ReadonlySet<StoredBody> {
    const reached = new Set(statements.flatMap((statement) => this.#runBy(statement)));
    for (const stored of reached) {
      if (reached.size >= REACHED) break;
      for (const next of this.#runOf(stored)) reached.add(next);
    }
    return reached;
  }

  #runBy(statement: PlacedStatement): readonly StoredBody[] {
    const { schema } = statement;
    const tables = this.#triggers.size === 0 ? [] : tablesWritten(statement);
    const written = tables.map((parts) => ({ schema: parts.at(-2) ?? schema, name: parts.at(-1) ?? '' }));
    return [...this.#calledIn(statement), ...written.flatMap((table) => this.#ofTable(table))];
  }

  #calledIn({ text, schema, session }: PlacedStatement): readonly StoredBody[] {
    if (this.#routines.size === 0) return [];
    return namesCalled(text, session).flatMap((name) => this.#ofName(within(name, schema)));
  }

  #writtenIn({ text, schema, session }: PlacedStatement): readonly StoredBody[] {
    if (this.#triggers.size === 0) return [];
    return bodyWrites(text, session).flatMap((name) => this.#ofTable(within(name, schema)));
  }

  #named(name: string): readonly StoredBody[] {
    return this.#routines.get(keyOf(name)) ?? [];
  }

  /** Those of all schemas where it isn't known which one is meant. */
  #ofName({ schema = '', name }: CalledName): readonly StoredBody[] {
    const named = this.#named(name);
    return schema === '' ? named : named.filter((stored) => keyOf(stored.schema) === keyOf(schema));
  }

  #ofTable({ schema = '', name }: CalledName): readonly StoredBody[] {
    const named = this.#triggers.get(keyOf(name)) ?? [];
    return schema === '' ? named : named.filter((stored) => keyOf(stored.schema) === keyOf(schema));
  }

  #runOf(stored: StoredBody): readonly StoredBody[] {
    const known = this.#runs.get(stored);
    if (known !== undefined) return known;
    const placed = { text: stored.body ?? '', schema: stored.schema, session: stored.session };
    const runs = [...new Set([...this.#calledIn(placed), ...this.#writtenIn(placed)])];
    this.#runs.set(stored, runs);
    return runs;
  }
}

function within(called: CalledName, schema: string | undefined): CalledName {
  return { schema: called.schema ?? schema, name: called.name };
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
