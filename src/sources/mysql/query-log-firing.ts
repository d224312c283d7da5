import type { SqlSession } from '../../sql/index.js';
import { ChangedRows, fillsVariable, hasVariables, isDefiner } from './body-marks.js';
import { only, schemasOf, type BodyPlace } from './body-place.js';
import { cutText } from './cut-text.js';
import { isEvent, placeOfEvent, placeOfReusedThread } from './event-places.js';
import { SentBlock } from './sent-blocks.js';
import { schemasNamed } from './schemas-named.js';
import { StoredBodies, type StoredBody } from './stored-bodies.js';
import type { PlacedStatement } from './tables-written.js';

/** Threads remembered at once. */
const THREADS = 20_000;
/** Characters of a statement that are kept. */
const KEPT = 2_000;
/** Longer ones are kept of this number of threads, the last ones: what bodies do follows soon. */
const [LONG, LONGEST] = [16, 2_000_000];
/** Statements of bodies that are remembered behind the one that fired them. */
const FOLLOWING = 20;

const MAY_FIRE = /insert|update|delete|replace|load|merge|call|\(/i;
const MAY_READ = /from|join|table/i;

interface Firing {
  /** The session's, as the log writes it: `[app] @ localhost [127.0.0.1]`; empty until its own statement is seen. */
  readonly account: string;
  /** The session's own statement, where it may run bodies, and what these did since: such rows run bodies, too. */
  fired: PlacedStatement[];
  /** Bodies that these reach, once they are asked for. */
  reached: ReadonlySet<StoredBody> | undefined;
  /** The session's own statement, where the statements in it are logged, too: then `fired` begins with the last one. */
  block: SentBlock | undefined;
}

/**
 * The bodies of triggers and stored functions in a general log: MariaDB logs their statements as queries of the session
 * that ran them, right behind its own, and those of events as a thread's that no session began. Their names belong to
 * the schema of the trigger, function or event: the one whose body has such a statement, as far as bodies can be seen,
 * else that of the table which the session's statement writes, or of the function that it calls.
 */
export class FiringStatements {
  readonly #threads = new Map<string, Firing>();
  readonly #long = new Map<string, Firing>();
  readonly #rows = new ChangedRows();

  constructor(private readonly bodies: StoredBodies = new StoredBodies([], () => true)) {}

  /**
   * Notes each query and execution in order.
   *
   * @param account as the log has it; a body with a definer is logged under this one's
   * @param schema which the session is in
   * @returns where a body's statement ran; undefined for all other texts
   */
  placeOfBody(
    { thread, account, body, command }: Readonly<Record<'thread' | 'account' | 'body' | 'command', string>>,
    schema: string | undefined,
    session?: SqlSession
  ): BodyPlace | undefined {
    const login = account.slice(Math.max(account.indexOf('['), 0));
    const firing = this.#threads.get(thread);
    if (command === 'Query' && this.#isOfBlock(firing, login, body)) {
      const fired = [{ text: cutText(body, KEPT), schema, session }];
      if (firing !== undefined) Object.assign(firing, { fired, reached: undefined });
      return { schema: schema ?? '', isGuess: false, isOfBlock: true };
    }
    if (command === 'Query' && this.#isBody(firing, account, body, session)) {
      const place = this.#placeOf(firing, account, body, session);
      const mode = this.bodies.modeOf(body, place.schema);
      const own = mode === undefined ? place : { ...place, mode };
      if (hasRun(firing)) note(firing, { text: cutText(body, KEPT), schema: own.schema, session });
      return own;
    }
    const statement = { text: cutText(body, LONGEST), schema, session };
    const block = this.bodies.logsBlocks ? SentBlock.of(body, statement) : undefined;
    const own = { fired: this.#mayFire(body) ? [statement] : [], reached: undefined, block };
    const begun = Object.assign(firing ?? this.#begin(thread, login), own, { account: login });
    this.#keep(thread, begun, body.length > KEPT && (own.fired.length > 0 || block !== undefined));
    return undefined;
  }

  /** A session that begins, or begins anew: no event's thread. */
  beginSession(thread: string): void {
    this.#forget(thread);
    this.#begin(thread, '');
  }

  #forget(thread: string): void {
    this.#threads.delete(thread);
    this.#long.delete(thread);
  }

  #mayFire(text: string): boolean {
    return MAY_FIRE.test(text) || (this.bodies.viewsCall && MAY_READ.test(text));
  }

  #begin(thread: string, account: string): Firing {
    const firing: Firing = { account, fired: [], reached: undefined, block: undefined };
    this.#threads.set(thread, firing);
    const oldest = this.#threads.keys().next();
    if (this.#threads.size > THREADS && oldest.done !== true) this.#forget(oldest.value);
    return firing;
  }

  #keep(thread: string, firing: Firing, isLong: boolean): void {
    this.#long.delete(thread);
    if (!isLong) return;
    this.#long.set(thread, firing);
    const [[oldest, cut] = []] = this.#long;
    if (this.#long.size <= LONG || oldest === undefined || cut === undefined) return;
    this.#long.delete(oldest);
    cut.fired = cut.fired.map((statement) => ({ ...statement, text: cutText(statement.text, KEPT) }));
    cut.block = undefined;
  }

  /** What a body that it runs has as well isn't surely its own. */
  #isOfBlock(firing: Firing | undefined, login: string, text: string): boolean {
    if (firing?.block === undefined || firing.account !== login || !firing.block.has(text)) return false;
    return this.#running(firing, text).length === 0;
  }

  #isBody(firing: Firing | undefined, account: string, text: string, session: SqlSession | undefined): boolean {
    if (isDefiner(account) && account.slice(account.indexOf('[')) !== firing?.account) return true;
    if (fillsVariable(text, session)) return true;
    if (firing === undefined || firing.fired.length === 0) return false;
    if (hasVariables(text) || this.#rows.isNamedIn(text, session)) return true;
    return this.#running(firing, text).length > 0;
  }

  /** Those with this statement that what was fired reaches, by calls and by the triggers of tables. */
  #running(firing: Firing | undefined, text: string): readonly StoredBody[] {
    const having = this.bodies.with(text);
    if (firing === undefined || having.length === 0) return [];
    const reached = (firing.reached ??= this.bodies.reachedFrom(firing.fired));
    const running = having.filter((stored) => reached.has(stored));
    // a block's conditions and cursors have no rows
    if (running.length > 0 || firing.block === undefined) return running;
    const byBlock = this.bodies.reachedFrom([firing.block.statement]);
    return having.filter((stored) => byBlock.has(stored));
  }

  #placeOf(firing: Firing | undefined, account: string, text: string, session: SqlSession | undefined): BodyPlace {
    const having = this.bodies.with(text);
    if (firing === undefined && isDefiner(account)) return placeOfEvent(this.bodies, having);
    const running = this.#running(firing, text);
    const ran = only(schemasOf(running));
    if (firing?.block?.has(text) === true) return { schema: '', isGuess: false };
    if (ran !== '') return { schema: ran, isGuess: false };
    const ofEvent = isDefiner(account) ? placeOfReusedThread(this.bodies, having) : undefined;
    if (ofEvent !== undefined) return ofEvent;
    const { seesAll, seesTriggers } = this.bodies;
    const mayBeEvent = isDefiner(account) && having.some(isEvent);
    // one that is hidden may have the statement, too
    const isGuess = running.length === 0 && (mayBeEvent || !seesAll || !seesTriggers);
    const schemas = schemasOf(having.filter((stored) => !isEvent(stored)));
    const [own, ...following] = (firing?.fired ?? []).map((statement) => schemasNamed(statement, this.bodies));
    const written = own?.written ?? new Set<string>();
    // what has it and isn't reached may be another one than a trigger that is hidden
    const mayBeHidden = !seesTriggers && [...written].some((name) => !schemas.has(name));
    const schema = running.length === 0 && mayBeHidden ? '' : only(schemas);
    if (schema !== '') return { schema, isGuess };
    const called = [own, ...following].flatMap((named) => [...(named?.called ?? [])]);
    const possible = new Set([...written, ...called]);
    if (schemas.size > 0) {
      const named = [...possible, ...following.flatMap((statement) => [...statement.written])];
      return { schema: only(new Set(named.filter((name) => schemas.has(name)))), isGuess };
    }
    const isOfTrigger = this.#rows.isNamedIn(text, session) || (seesAll && written.size > 0);
    // what is written may be a view of another schema's table
    return {
      schema: only(isOfTrigger ? written : possible),
      isGuess: !isOfTrigger || mayBeEvent || !this.bodies.seesViews,
    };
  }
}

/** Whether a statement of the session's own was seen. */
function hasRun(firing: Firing | undefined): firing is Firing {
  return firing !== undefined && firing.account !== '';
}

function note(firing: Firing, statement: PlacedStatement): void {
  if (firing.fired.length > FOLLOWING || !MAY_FIRE.test(statement.text)) return;
  firing.fired.push(statement);
  firing.reached = undefined;
}
