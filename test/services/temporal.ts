import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporal, startDevServer } from '../../src/client/temporal-server/index.js';
import { killPrograms } from './program.js';
import { closePools, openPools } from './server-pool.js';

/** A real Temporal dev server for a test file: started on free ports, its database file thrown away at the end. */
export interface TestTemporal {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** `kill -9`; `start` brings it back. */
  kill(): Promise<void>;
  /** On the same database file and ports. */
  start(): Promise<void>;
  /** `kill -9`, then a start on the same database file and ports. */
  restart(): Promise<void>;
}

/** Starts a server of its own; takes 0.3 s once `temporal` is found. */
export async function startTemporal(
  options: {
    searchAttributes?: Record<string, string>;
    dynamicConfig?: readonly string[];
    /** Taken when they are free; default: any. */
    preferredPorts?: { grpc?: number; ui?: number };
  } = {}
): Promise<TestTemporal> {
  const { path } = await findTemporal({ say: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), 'om-test-temporal-'));
  const server = await startDevServer({
    executable: path,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    ...options,
  });
  return {
    address: server.address,
    uiUrl: server.uiUrl,
    get pid() {
      return server.pid;
    },
    stop: async () => {
      // nothing to save: its graceful end would cost a second a file
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => server.kill(),
    start: () => server.start(),
    restart: async () => {
      await server.kill();
      await server.start();
    },
  };
}

let shared: Promise<TestTemporal> | undefined;

/** One server for all test files that only need some Temporal server; stopped by the root hook after the last test. */
export function sharedTemporal(): Promise<Pick<TestTemporal, 'address' | 'uiUrl'>> {
  shared ??= startTemporal();
  return shared;
}

/** Mocha's root hooks: servers go from file to file, and stop after the last test of this process. */
export const mochaHooks = {
  beforeAll(): void {
    openPools();
  },
  async afterAll(): Promise<void> {
    killPrograms();
    await closePools();
    await (await shared)?.stop();
    shared = undefined;
  },
};
