import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { onLeave } from './leaving.js';
import type { CommandContext } from './command-context.js';
import { addWorkerFlags, settingsOf, type WorkerFlags } from './worker-flags.js';

/** How long a worker that starts waits for its staging store, as the stages of a run do; milliseconds. */
const STORE_MS = 15 * 60_000;

/** `om-ingest worker`: takes tasks until a signal. */
export function registerWorker(program: Command, context: CommandContext): void {
  const command = program
    .command('worker')
    .description('run a worker: it takes runs from the task queue until SIGTERM or Ctrl-C')
    .action(async (flags: WorkerFlags) => context.finish(await runWorker(flags)));
  addWorkerFlags(command);
}

async function runWorker(flags: WorkerFlags): Promise<typeof EXIT.success> {
  const { collectSooner, createWorker, readWorkerSettings } = await import('../../worker/index.js');
  const { connect } = await import('../connect.js');
  const { readTemporalSettings } = await import('../temporal-settings.js');
  const settings = readWorkerSettings(process.env, settingsOf(flags));
  // the client's connection tells an unreachable server from an unknown namespace, in words
  const probe = await connect(readTemporalSettings());
  await probe.connection.close();
  collectSooner();
  const waiting = new AbortController();
  const stopListening = onLeave(() => waiting.abort(new Error('The worker was told to end before it had begun.')));
  const worker = await createWorker({ settings, storePatience: { ms: STORE_MS, signal: waiting.signal } }).finally(
    stopListening
  );
  await worker.run();
  return EXIT.success;
}
