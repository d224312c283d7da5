import { bodyWrites } from './body-writes.js';
import { bodyKey, statementsOf } from './body-statements.js';
import { parseLineage, type SqlSession } from '../../sql/index.js';
import { NamedBodies } from './named-bodies.js';
import { functionsCalled, namesCalled, namesIn, type CalledName } from './names-called.js';
import { tablesWritten, type PlacedStatement } from './tables-written.js';
import { isSameMode, type SqlMode } from './thread-modes.js';

/** A function, procedure, package, trigger or event that this account sees. */
export interface StoredBody {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'package' | 'trigger' | 'event' | 'view';
  /** Of a trigger: its table. */
  readonly table?: string | undefined;
  /** Absent where the account may not see it. */
  readonly body?: string | undefined;
  /** How the server reads the body, where that makes a difference. */
  readonly session?: SqlSession | undefined;
  /** The sql_mode that it was made under, and runs under. */
  readonly mode?: SqlMode | undefined;
  /** Of an event: the time zone that it runs in. */
  readonly zone?: string | undefined;
}

/** Of a view: its query, in which the server names schemas. */
export interface StoredView {
  readonly schema: string;
  readonly name: string;
  readonly query: string;
}

/** Views of views are followed so far. */
const DEEPEST = 10;

/** Followed at most, from what a statement runs to what that runs. */
const REACHED = 200;

/** What is known of a server's stored bodies as a whole. */
export interface BodiesKnown {
  /** Whether all functions and procedures are among them, with their bodies. */
  readonly seesAll: boolean;
  /** Whether all triggers are among them. */
  readonly seesTriggers: boolean;
  /** Whether all events are among them. Default: true. */
  readonly seesEvents?: boolean;
  /** Whether the server runs events, now. Default: true. */
  readonly runsEvents?: boolean;
  /** Whether all views are among those given, with their queries. Default: true. */
  readonly seesViews?: boolean;
  /** Whether the server logs what procedures do. */
  readonly logsProcedures: boolean;
  /** Whether it may log the statements of blocks that sessions send, besides the blocks. Default: as procedures'. */
  readonly logsBlocks?: boolean;
  /** When the server started last, in milliseconds since the epoch. */
  readonly startedAt?: number | undefined;
}

const NOTHING_KNOWN: BodiesKnown = { seesAll: false, seesTriggers: false, logsProcedures: false, logsBlocks: true };

/** What a server has of stored functions, procedures and triggers, found by the statements in them. */
export class StoredBodies {
  readonly #byStatement = new Map<string, StoredBody[]>();
  /** Functions and procedures by name. */
  readonly #routines = new NamedBodies<StoredBody>();
  /** Which of a package's routines has a statement isn't looked for. */
  readonly #packages = new NamedBodies<StoredBody>();
  /** Triggers by their tables. */
  readonly #triggers = new NamedBodies<StoredBody>();
  /** Views by name, for those that read them; for those that write them they are among the triggers. */
  readonly #views = new NamedBodies<StoredBody>();
  readonly #events: readonly StoredBody[];
  #ofEvents: ReadonlySet<StoredBody> | undefined;
  readonly #shown = new NamedBodies<StoredView>();
  readonly #behind = new Map<StoredView, readonly CalledName[]>();
  readonly #queries = new Map<StoredBody, string>();
  readonly #runs = new Map<StoredBody, readonly StoredBody[]>();
  readonly seesAll: boolean;
  readonly seesTriggers: boolean;
  readonly seesEvents: boolean;
  /** Whether the server runs events that may be hidden. */
  readonly hidesEvents: boolean;
  readonly hasEvents: boolean;
  readonly seesViews: boolean;
  readonly logsProcedures: boolean;
  readonly logsBlocks: boolean;
  readonly startedAt: number | undefined;
  /** Time zones that events run in. */
  readonly eventZones: readonly string[];
  /** Whether views call functions: whoever reads a table may run one. */
  readonly viewsCall: boolean;

  /** @param isNative of a name in lower case: the server's own function, or a word of its SQL */
  constructor(
    bodies: readonly StoredBody[],
    private readonly isNative: (name: string) => boolean,
    {
      seesAll,
      seesTriggers,
      seesEvents = true,
      runsEvents = true,
      seesViews = true,
      logsProcedures,
      logsBlocks = logsProcedures,
      startedAt,
    }: BodiesKnown = NOTHING_KNOWN,
    views: readonly StoredView[] = []
  ) {
    this.seesAll = seesAll;
    this.seesTriggers = seesTriggers;
    this.seesEvents = seesEvents;
    this.hidesEvents = runsEvents && !seesEvents;
    this.#events = bodies.filter(({ kind }) => kind === 'event');
    this.hasEvents = this.#events.length > 0;
    this.eventZones = [...new Set(this.#events.flatMap(({ zone }) => zone ?? []))];
    this.seesViews = seesViews;
    this.startedAt = startedAt;
    this.logsProcedures = logsProcedures;
    this.logsBlocks = logsBlocks;
    for (const stored of bodies) {
      if (stored.kind === 'procedure' && !logsProcedures) continue;
      if (stored.kind === 'package') this.#packages.add(stored.name, stored);
      else if (stored.kind === 'function' || stored.kind === 'procedure') this.#routines.add(stored.name, stored);
      else if (stored.table !== undefined) this.#triggers.add(stored.table, stored);
      if (stored.body === undefined) continue;
      for (const key of statementsOf(stored.body)) {
        const known = this.#byStatement.get(key);
        if (known === undefined) this.#byStatement.set(key, [stored]);
        else if (!known.includes(stored)) known.push(stored);
      }
    }
    const hasTriggers = !this.#triggers.isEmpty;
    const calls = ({ query, schema }: StoredView): boolean =>
      this.#calledIn({ text: query, schema, session: undefined }).length > 0;
    this.viewsCall = views.some(calls);
    for (const view of views) {
      const { query, ...named } = view;
      this.#shown.add(view.name, view);
      const [read, written] = [{ ...named, kind: 'view' } as const, { ...named, kind: 'view' } as const];
      this.#queries.set(read, query).set(written, query);
      if (this.viewsCall) this.#views.add(named.name, read);
      if (hasTriggers) this.#triggers.add(named.name, written);
    }
  }

  get isEmpty(): boolean {
    return this.#byStatement.size === 0;
  }

  /** Those with this statement, as the server logs it. */
  with(statement: string): readonly StoredBody[] {
    return this.isEmpty ? [] : (this.#byStatement.get(bodyKey(statement)) ?? []);
  }

  /** What the bodies of a schema that have this statement are read by; undefined where they differ. */
  modeOf(statement: string, schema: string): SqlMode | undefined {
    const having = this.with(statement).filter((stored) => stored.schema === schema);
    const mode = having[0]?.mode;
    return mode !== undefined && having.every((stored) => isSameMode(stored.mode, mode)) ? mode : undefined;
  }

  /** Whether a name that is called without a schema may be a stored function of this one. */
  mayBeFunction(schema: string | undefined, name: string): boolean {
    return this.#routines.of({ schema, name }).length > 0 || !(this.seesAll || this.isNative(name.toLowerCase()));
  }

  /** Whether this account sees what a procedure does, called in this schema. */
  isSeen(called: CalledName, schema: string | undefined): boolean {
    return this.#named(called, schema).some(({ kind, body }) => kind !== 'function' && body !== undefined);
  }

  /**
   * The tables behind a name that a statement writes: its own, or those of a view; with no name where a view's query is
   * hidden.
   */
  tablesBehind(written: CalledName, depth = 0): readonly CalledName[] {
    const views = written.name === '' || depth > DEEPEST ? [] : this.#shown.of(written);
    if (views.length === 0) return [written];
    return views.flatMap((view) => {
      const known = this.#behind.get(view) ?? this.#readBy(view, depth);
      this.#behind.set(view, known);
      return known;
    });
  }

  #readBy({ schema, query }: StoredView, depth: number): readonly CalledName[] {
    const read = query === '' ? [] : parseLineage(query, 'mysql').sources;
    if (read.length === 0) return [{ schema: '', name: '' }];
    return read.flatMap(({ parts }) =>
      this.tablesBehind({ schema: parts.at(-2) ?? schema, name: parts.at(-1) ?? '' }, depth + 1)
    );
  }

  /**
   * The functions and procedures that statements call, triggers of tables that they write, and what these run; those
   * nearest to the statements first.
   */
  reachedFrom(statements: readonly PlacedStatement[]): ReadonlySet<StoredBody> {
    return this.#withWhatTheyRun(statements.flatMap((statement) => this.#runBy(statement)));
  }

  /** The events, and what these run. */
  get ofEvents(): ReadonlySet<StoredBody> {
    return (this.#ofEvents ??= this.#withWhatTheyRun(this.#events));
  }

  #withWhatTheyRun(first: readonly StoredBody[]): ReadonlySet<StoredBody> {
    const reached = new Set(first);
    const most = first.length + REACHED;
    for (const stored of reached) {
      if (reached.size >= most) break;
      for (const next of this.#runOf(stored)) reached.add(next);
    }
    return reached;
  }

  #runBy(statement: PlacedStatement): readonly StoredBody[] {
    const { schema } = statement;
    const tables = this.#triggers.isEmpty ? [] : tablesWritten(statement);
    const written = tables.map((parts) => ({ schema: parts.at(-2) ?? schema, name: parts.at(-1) ?? '' }));
    return [...this.#calledIn(statement), ...written.flatMap((table) => this.#triggers.of(table))];
  }

  #calledIn({ text, schema, session }: PlacedStatement): readonly StoredBody[] {
    if (this.#routines.isEmpty && this.#packages.isEmpty) return [];
    const names = this.logsProcedures ? namesCalled(text, session) : functionsCalled(text, session);
    const called = names.flatMap((name) => this.#named(name, schema));
    if (this.#views.isEmpty) return called;
    const read = namesIn(text, session).flatMap((name) => this.#views.of(within(name, schema)));
    return [...called, ...read];
  }

  #named(called: CalledName, schema: string | undefined): readonly StoredBody[] {
    if (called.package !== undefined) return this.#packages.of({ schema: called.schema, name: called.package });
    const routines = this.#routines.of(within(called, schema));
    if (called.schema === undefined || this.#packages.isEmpty) return routines;
    // under sql_mode ORACLE what stands before the dot may be a package
    return [...routines, ...this.#packages.of({ schema, name: called.schema })];
  }

  #writtenIn({ text, schema, session }: PlacedStatement): readonly StoredBody[] {
    if (this.#triggers.isEmpty) return [];
    return bodyWrites(text, session).flatMap((name) => this.#triggers.of(within(name, schema)));
  }

  /** The triggers of a view's tables: which of them is written isn't looked for. */
  #readIn({ text, schema, session }: PlacedStatement): readonly StoredBody[] {
    const tables = parseLineage(text, 'mysql', session).sources.map(({ parts }) => ({
      ...{ schema: parts.at(-2) ?? schema, name: parts.at(-1) ?? '' },
    }));
    return tables.flatMap((table) => this.#triggers.of(table));
  }

  #runOf(stored: StoredBody): readonly StoredBody[] {
    const known = this.#runs.get(stored);
    if (known !== undefined) return known;
    const text = this.#queries.get(stored) ?? stored.body ?? '';
    const placed = { text, schema: stored.schema, session: stored.session };
    const isRead = this.#views.of(stored).includes(stored);
    const written = isRead ? [] : stored.kind === 'view' ? this.#readIn(placed) : this.#writtenIn(placed);
    const runs = [...new Set([...this.#calledIn(placed), ...written])];
    this.#runs.set(stored, runs);
    return runs;
  }
}

function within(called: CalledName, schema: string | undefined): CalledName {
  return { schema: called.schema ?? schema, name: called.name };
}
