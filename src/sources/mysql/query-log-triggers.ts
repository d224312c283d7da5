import { maskLiterals, parseLineage, type SqlSession } from '../../sql/index.js';

/** Threads remembered at once, and texts of which it is known whether they are a trigger's. */
const THREADS = 20_000;
const TEXTS = 1_000;
/** Characters of a statement that are kept: what it writes stands at its beginning. */
const KEPT = 2_000;

const MAY_WRITE = /insert|update|delete|replace|load|merge|call/i;
const CALL = /^\s*call\s+(?:`((?:[^`]|``)+)`|([\w$]+))\s*\.\s*/i;
/** What a body is told by: the row that changed, in a text where nothing else has its name. */
const MAY_NAME_ROW = /\b(?:new|old)`?\s*\./i;
const NAMES_ROW = /(?<![\w$`.])(?:`(?:new|old)`|new|old)\s*\.\s*[\w$`]/i;
const NAMED_SO =
  /\bas\s+`?(?:new|old)\b(?!`?\s*\.)|(?:\)|\b(?:from|join|update|into)\s+[\w$.`]+|,\s*[\w$.`]+)\s+`?(?:new|old)\b(?!`?\s*\.)|\b(?:new|old)`?\s*(?:\([^)]*\))?\s*\bas\s*\(/i;
/** The server writes a body's own variables so. */
const HAS_VARIABLES = /\bname_const\s*\(/i;

interface Firing {
  /** The session's, as the log writes it: `[app] @ localhost [127.0.0.1]`. */
  readonly account: string;
  text: string | undefined;
  schema: string | undefined;
  session: SqlSession | undefined;
  /** Once it is asked for: empty where it can't be told. */
  written: string | undefined;
  /** The thread's last row was a body's. */
  isInBody: boolean;
}

/**
 * The bodies of triggers in a general log: MariaDB logs their statements as queries of the session that fired them,
 * right behind its own. Their names belong to the schema of the trigger, which is that of its table: the one that the
 * session's statement writes.
 */
export class FiringStatements {
  readonly #threads = new Map<string, Firing>();
  readonly #bodies = new Map<string, boolean>();

  /**
   * Notes each query and execution in order.
   *
   * @param account as the log has it; a body with a definer is logged under this one's
   * @param schema which the session is in
   * @returns the schema of a body, empty where it can't be told; undefined for all other texts
   */
  schemaOfBody(
    { thread, account, body, command }: Readonly<Record<'thread' | 'account' | 'body' | 'command', string>>,
    schema: string | undefined,
    session?: SqlSession
  ): string | undefined {
    const login = account.slice(Math.max(account.indexOf('['), 0));
    const firing = this.#threads.get(thread);
    if (firing !== undefined && command === 'Query' && this.#isBody(firing, login, body, session)) {
      firing.isInBody = true;
      firing.written ??= schemaWritten(firing);
      return firing.written;
    }
    const text = MAY_WRITE.test(body) ? body.slice(0, KEPT) : undefined;
    if (firing === undefined) {
      this.#begin(thread, { account: login, text, schema, session, written: undefined, isInBody: false });
    } else {
      Object.assign(firing, { text, schema, session, written: undefined, isInBody: false });
    }
    return undefined;
  }

  /** A session that begins, or begins anew. */
  forget(thread: string): void {
    this.#threads.delete(thread);
  }

  #begin(thread: string, firing: Firing): void {
    this.#threads.set(thread, firing);
    if (this.#threads.size <= THREADS) return;
    const oldest = this.#threads.keys().next();
    if (oldest.done !== true) this.#threads.delete(oldest.value);
  }

  #isBody(firing: Firing, login: string, body: string, session: SqlSession | undefined): boolean {
    if (firing.text === undefined) return false;
    if (login !== firing.account || (firing.isInBody && HAS_VARIABLES.test(body))) return true;
    if (!MAY_NAME_ROW.test(body)) return false;
    const known = this.#bodies.get(body);
    if (known !== undefined) return known;
    const isBody = namesRow(body, session);
    if (body.length <= KEPT) this.#bodies.set(body, isBody);
    const oldest = this.#bodies.keys().next();
    if (this.#bodies.size > TEXTS && oldest.done !== true) this.#bodies.delete(oldest.value);
    return isBody;
  }
}

/** NEW and OLD may also be a table, a schema or an alias of the text itself. */
function namesRow(body: string, session: SqlSession | undefined): boolean {
  const masked = maskLiterals(body, 'mysql', session);
  if (!NAMES_ROW.test(masked) || NAMED_SO.test(masked)) return false;
  const { sources, targets, changed, intermediate } = parseLineage(body, 'mysql', session);
  return ![...sources, ...targets, ...changed, ...intermediate].some(({ parts }) =>
    parts.some((part) => /^(?:new|old)$/i.test(part))
  );
}

function schemaWritten({ text = '', schema, session }: Firing): string {
  const called = CALL.exec(text);
  if (called !== null) return called[1]?.replaceAll('``', '`') ?? called[2] ?? '';
  if (/^\s*call\b/i.test(text)) return schema ?? '';
  const { sources, targets, changed } = parseLineage(text, 'mysql', { ...session, countsAside: true });
  const written = [...targets, ...changed, ...sources.filter(({ onlyLoses }) => onlyLoses === true)];
  const [first = '', ...others] = new Set(written.map(({ parts }) => parts.at(-2) ?? schema ?? ''));
  return others.length === 0 ? first : '';
}
