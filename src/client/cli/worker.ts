import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import type { CommandContext } from './program.js';
import { addWorkerFlags, settingsOf, type WorkerFlags } from './worker-flags.js';

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
  const worker = await createWorker({ settings });
  await worker.run();
  return EXIT.success;
}
