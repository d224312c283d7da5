import { bodyKey, statementsOf } from './body-statements.js';
import { namesCalled } from './names-called.js';

/** A function, procedure or trigger that this account sees. */
export interface StoredBody {
  readonly schema: string;
  readonly name: string;
  readonly isFunction: boolean;
  /** Of a trigger: its table. */
  readonly table?: string | undefined;
  /** Absent where the account may not see it. */
  readonly body?: string | undefined;
}

/** Followed at most, from what a statement calls to what that calls. */
const REACHED = 200;

/** What a server has of stored functions, procedures and triggers, found by the statements in them. */
export class StoredBodies {
  readonly #byStatement = new Map<string, StoredBody[]>();
  readonly #functions = new Map<string, StoredBody[]>();
  readonly #calls = new Map<StoredBody, readonly string[]>();

  /**
   * @param isNative of a name in lower case: the server's own function, or a word of its SQL
   * @param seesAll whether all functions and procedures are among them, with their bodies
   */
  constructor(
    bodies: readonly StoredBody[],
    private readonly isNative: (name: string) => boolean,
    readonly seesAll: boolean
  ) {
    for (const stored of bodies) {
      if (stored.isFunction) this.#functions.set(keyOf(stored.name), [...this.#named(stored.name), stored]);
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
    const isOne = this.#named(name).some((stored) => schema === undefined || keyOf(stored.schema) === keyOf(schema));
    return isOne || !(this.seesAll || this.isNative(keyOf(name)));
  }

  /** The names of functions that a text calls, and of those that these call. */
  reachedFrom(text: string): ReadonlySet<string> {
    const reached = new Set<string>();
    if (this.#functions.size === 0) return reached;
    const waiting = namesCalled(text).map(({ name }) => keyOf(name));
    for (let name = waiting.pop(); name !== undefined && reached.size < REACHED; name = waiting.pop()) {
      if (reached.has(name) || !this.#functions.has(name)) continue;
      reached.add(name);
      for (const stored of this.#named(name)) waiting.push(...this.#callsOf(stored));
    }
    return reached;
  }

  #named(name: string): readonly StoredBody[] {
    return this.#functions.get(keyOf(name)) ?? [];
  }

  #callsOf(stored: StoredBody): readonly string[] {
    const known = this.#calls.get(stored);
    if (known !== undefined) return known;
    const calls = namesCalled(stored.body ?? '').map(({ name }) => keyOf(name));
    this.#calls.set(stored, calls);
    return calls;
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
