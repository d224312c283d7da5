/** A server that can serve one test file after the other. */
export interface PooledServer {
  /** Makes it as it was when it started. @returns false when that can't be had */
  reset(): Promise<boolean>;
  /** Kills it and throws away what it kept. */
  discard(): Promise<void>;
}

const pools = new Set<ServerPool<PooledServer>>();
/** Only between mocha's root hooks: in a bench, a server that is done with must go. */
let reusing = false;

/**
 * Servers of one sort that the test files of this process hand on: starting one costs a second or more, making it as
 * new less. Each serves one file at a time. What a test has killed or set up in another way than by its options is not
 * handed on.
 */
export class ServerPool<T extends PooledServer> {
  readonly #idle = new Map<string, T[]>();

  constructor() {
    pools.add(this);
  }

  /** One that was started with the same options and is done with; undefined when there is none. */
  take(options: unknown): T | undefined {
    return this.#idle.get(JSON.stringify(options))?.pop();
  }

  /** Keeps it for the next one who asks, or ends it. */
  async giveBack(options: unknown, server: T): Promise<void> {
    if (!reusing || !(await server.reset().catch(() => false))) return server.discard();
    const key = JSON.stringify(options);
    this.#idle.set(key, [...(this.#idle.get(key) ?? []), server]);
  }

  async close(): Promise<void> {
    const servers = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(servers.map((server) => server.discard()));
  }
}

/** For mocha's root hooks. */
export function openPools(): void {
  reusing = true;
}

/** For mocha's root hooks. What is given back afterwards is ended. */
export async function closePools(): Promise<void> {
  reusing = false;
  for (const pool of pools) await pool.close();
}
