import { countWords } from '../../contract/count-words.js';
import type { SqlSession } from '../../sql/index.js';
import { proceduresCalled, type CalledName } from './names-called.js';
import type { LogRow } from './query-log-statements.js';
import type { StoredBodies } from './stored-bodies.js';
import { withoutComments } from './without-comments.js';

/** Threads remembered at once. */
const THREADS = 20_000;

const MAY_EXECUTE = /execute/i;
const EXECUTES = /^\s*execute\b/i;

interface ThreadRuns {
  /** Its last CALL is of a procedure whose body isn't seen. */
  isHidden: boolean;
  /** Its last row is an EXECUTE of a procedure. */
  isExecuting: boolean;
}

/** What procedures did that a general log doesn't have, or that can't be told from what their session did. */
export class UnseenRuns {
  readonly #threads = new Map<string, ThreadRuns>();
  #texts = 0;
  #calls = 0;

  constructor(private readonly bodies: StoredBodies) {}

  /**
   * Notes each query and execution in order.
   *
   * @param schema which the session, or the body that the row is of, is in
   */
  follow({ thread, command, body }: LogRow, schema: string | undefined, isOfBody: boolean, session?: SqlSession): void {
    const runs = this.#threads.get(thread);
    if (runs?.isExecuting === true) this.#endOf(runs, command);
    if (!this.bodies.logsProcedures || command !== 'Query') return;
    for (const called of proceduresCalled(body, session)) this.#called(thread, called, schema);
    // what a session executes has a row of its own behind it, but for a procedure's
    if ((isOfBody || runs?.isHidden === true) && executes(body, session))
      this.#remember(thread, { isHidden: runs?.isHidden === true, isExecuting: true });
  }

  /** What to say of a log that is read to its end. */
  *warnings(table: string): Generator<string> {
    for (const runs of this.#threads.values()) if (runs.isExecuting) this.#endOf(runs, undefined);
    if (this.#texts > 0)
      yield `${table} has ${countWords(this.#texts, 'EXECUTE', 'EXECUTEs')} of stored procedures. It doesn't show the text that these prepared: it counts for nothing.`;
    if (this.#calls > 0)
      yield `${table} has ${countWords(this.#calls, 'CALL', 'CALLs')} of procedures of another schema than the session's whose bodies this account doesn't see: what these do under the session's own account counts in the session's schema where nothing else tells.`;
  }

  #endOf(runs: ThreadRuns, next: string | undefined): void {
    if (next !== 'Execute') this.#texts += 1;
    runs.isExecuting = false;
  }

  #called(thread: string, called: CalledName, schema: string | undefined): void {
    const isHidden = !this.bodies.isSeen(called, schema);
    if (isHidden && called.schema !== undefined && called.schema.toLowerCase() !== schema?.toLowerCase())
      this.#calls += 1;
    if (isHidden || this.#threads.has(thread)) this.#remember(thread, { isHidden, isExecuting: false });
  }

  #remember(thread: string, runs: ThreadRuns): void {
    this.#threads.set(thread, runs);
    const oldest = this.#threads.keys().next();
    if (this.#threads.size > THREADS && oldest.done !== true) this.#threads.delete(oldest.value);
  }
}

function executes(text: string, session: SqlSession | undefined): boolean {
  return MAY_EXECUTE.test(text) && EXECUTES.test(withoutComments(text, session));
}
