import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePrivateFolder } from '../../reach/index.js';
import { startLocalCatalog, type LocalCatalog } from '../../local-catalog/index.js';
import { writeTokenFile } from '../cli/catalog-command.js';
import { EXIT, type ExitCode } from '../cli/exit-codes.js';
import { followToEnd } from '../cli/follow-to-end.js';
import { onLeave } from '../cli/leaving.js';
import { readLocalRecipe } from '../cli/recipe-argument.js';
import type { Terminal } from '../cli/terminal.js';
import { startOwnStack, type OwnStack } from '../own-stack.js';
import type { IngestionRun } from '../ingestion-run.js';
import type { RecipeReference } from '../recipe-reference.js';
import { AlreadyRunningError } from '../run-errors.js';
import { freePortLike } from '../temporal-server/index.js';
import { readTemporalSettings } from '../temporal-settings.js';
import { makeShopDatabase } from './shop-database.js';
import { writeShopLog } from './shop-log.js';

const RECIPES = fileURLToPath(new URL('../../../../recipes/quickstart', import.meta.url));
/** In this order: lineage, usage, profiles and tests need tables that are in the catalog. */
const RUNS = ['metadata.yaml', 'lineage.yaml', 'usage.yaml', 'profiler.yaml', 'data-quality.yaml'];
const DATA = resolve('.om-ingest/quickstart');
/** The usual ports, so that `temporal` and recipes without settings find the servers; others if they are taken. */
const PORTS = { grpc: 7233, ui: 8233, catalog: 8585 };
const PORT_ATTEMPTS = 3;

/**
 * Shows the whole thing: Temporal server, catalog, worker, one run of each workflow on a shop database. Everything it
 * keeps is in `.om-ingest/quickstart`.
 *
 * @param options.stay whether to stay up after the report, until Ctrl-C
 * @returns the exit code of the first run that didn't succeed, else 0
 */
export async function runQuickstart(options: { stay: boolean }, terminal: Terminal): Promise<ExitCode> {
  const leaving = new AbortController();
  const stopListening = onLeave(() => leaving.abort(new Error('stopped before the run was over')));
  const say = (line: string): void => terminal.err(` ${line}`, terminal.colors.cyan('quickstart'));
  makePrivateFolder(DATA);
  const database = join(DATA, 'shop.db');
  say(`${makeShopDatabase(database) ? 'made the shop database' : 'the shop database is there'}: ${database}`);
  const log = join(DATA, 'queries.csv');
  writeShopLog(log);
  const catalog = await startCatalog(say, terminal);
  try {
    process.env.QUICKSTART_DATABASE = database;
    process.env.QUICKSTART_LOG = log;
    process.env.OM_HOST_PORT = catalog.hostPort;
    process.env.OM_JWT_TOKEN = catalog.token;
    const stack = await startStack(say, leaving.signal);
    try {
      let code: ExitCode = EXIT.success;
      for (const recipe of RUNS) {
        if (code !== EXIT.success || leaving.signal.aborted) break;
        code = await runRecipe(recipe, stack, terminal, say, leaving.signal);
      }
      if (code === EXIT.success && !leaving.signal.aborted) {
        say(
          'all five runs are a success; the one failed test is meant to: an order of the shop was paid and never shipped'
        );
      }
      if (options.stay && !leaving.signal.aborted) {
        printAddresses(stack, catalog, terminal);
        await stayUp(stack, terminal, leaving.signal);
      } else if (!options.stay) {
        // addresses of what stops now would be of no use
        say(`what it made stays in ${DATA}; without --exit, the Temporal UI and the catalog's page stay up`);
      }
      return code;
    } finally {
      say('stopping');
      await stack.stop();
    }
  } finally {
    await catalog.close();
    stopListening();
  }
}

async function startCatalog(say: (line: string) => void, terminal: Terminal): Promise<LocalCatalog> {
  const file = join(DATA, 'catalog.db');
  const catalog = await withFreePort((port) =>
    startLocalCatalog({
      ...{ file, port },
      logger: { info: () => undefined, warn: (message) => terminal.err(message) },
    })
  );
  writeTokenFile(`${file}.token`, catalog.token);
  say(`catalog at ${catalog.url}`);
  return catalog;
}

/** Between the choice of a port and listening on it, another quickstart on this machine may take it. */
async function withFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePortLike(PORTS.catalog));
    } catch (error) {
      const taken = error instanceof Error && Reflect.get(Object(error.cause), 'code') === 'EADDRINUSE';
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startStack(say: (line: string) => void, signal: AbortSignal): Promise<OwnStack> {
  const configured = readTemporalSettings();
  const stack = await startOwnStack({
    worker: {
      recipesDir: RECIPES,
      staging: join(DATA, 'staging'),
      logLevel: 'error',
      logFormat: 'pretty',
    },
    ...(configured.configured ? { server: configured } : { dbFile: join(DATA, 'temporal.db') }),
    preferredPorts: { grpc: PORTS.grpc, ui: PORTS.ui },
    say,
    signal,
  });
  say(
    `${configured.configured ? 'Temporal server as set' : 'own Temporal server'} at ${stack.address}; worker is ready`
  );
  return stack;
}

async function runRecipe(
  recipe: string,
  stack: OwnStack,
  terminal: Terminal,
  say: (line: string) => void,
  signal: AbortSignal
): Promise<ExitCode> {
  const { reference } = readLocalRecipe(join(RECIPES, recipe), RECIPES);
  const run = await startOrJoin(stack, reference);
  say(`${run.workflowId} on recipes/quickstart/${recipe}`);
  const cancel = (): void => void run.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await followToEnd(stack.client, run, terminal);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** A quickstart that was killed midway left its run in the server's file: it continues with this worker. */
async function startOrJoin(stack: OwnStack, reference: RecipeReference): Promise<IngestionRun> {
  try {
    return await stack.client.start(reference);
  } catch (error) {
    if (error instanceof AlreadyRunningError) return stack.client.attach(error.workflowId);
    throw error;
  }
}

function printAddresses(stack: OwnStack, catalog: LocalCatalog, terminal: Terminal): void {
  terminal.out('');
  terminal.out(`Temporal UI   ${stack.uiUrl ?? `that of the server at ${stack.address}`}`);
  terminal.out(`Catalog       ${catalog.url}`);
}

async function stayUp(stack: OwnStack, terminal: Terminal, signal: AbortSignal): Promise<void> {
  terminal.err('');
  terminal.err('Everything stays up until Ctrl-C. Try, in another terminal:');
  terminal.err(`  TEMPORAL_ADDRESS=${stack.address} npx om-ingest run metadata.yaml --recipes recipes/quickstart`);
  const left = new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
  await Promise.race([left, stack.workerEnded]);
}
