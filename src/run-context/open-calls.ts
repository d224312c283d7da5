import { AsyncLocalStorage } from 'node:async_hooks';
import type { Silence } from '../contract/trouble.js';

/** A call that is answered within this time is nothing to tell of, milliseconds. */
const SILENT_AFTER_MS = 10_000;

/** The calls to OpenMetadata that one attempt of an activity has under way. */
export class OpenCalls {
  /** In the order in which they began. */
  readonly #open = new Map<symbol, { readonly call: string; readonly since: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @param call method and path @returns to be called at its end */
  begin(call: string): () => void {
    const key = Symbol(call);
    this.#open.set(key, { call, since: this.now() });
    return () => void this.#open.delete(key);
  }

  /** The call that has been unanswered for longest; undefined while none takes long. */
  get silence(): Silence | undefined {
    const [oldest] = this.#open.values();
    return oldest === undefined || this.now() - oldest.since < SILENT_AFTER_MS ? undefined : oldest;
  }
}

const calls = new AsyncLocalStorage<OpenCalls>();

/** Runs a stage's body so that the calls of whatever it uses are known to be its own. */
export function withOpenCalls<T>(open: OpenCalls, body: () => Promise<T>): Promise<T> {
  return calls.run(open, body);
}

/** Those of the stage that is running here: connections shared by stages add their calls to it. */
export function currentOpenCalls(): OpenCalls | undefined {
  return calls.getStore();
}
