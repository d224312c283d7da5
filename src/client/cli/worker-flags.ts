import { InvalidArgumentError, Option, type Command } from 'commander';
import type { WorkerSettings } from '../../worker/settings.js';

/** Worker settings as flags. Each is also an environment variable; a flag wins. docs/operations.md lists both. */
export interface WorkerFlags {
  readonly recipes?: string;
  readonly taskQueue?: string;
  readonly staging?: string;
  readonly concurrency?: number;
  readonly stages?: WorkerSettings['stages'];
  readonly tuner?: WorkerSettings['tuner'];
  readonly metrics?: string;
  readonly logLevel?: WorkerSettings['logLevel'];
  readonly logFormat?: WorkerSettings['logFormat'];
  readonly shutdownGrace?: number;
  readonly untilIdle?: number | true;
}

/** `--until-idle` without a number, milliseconds: schedules that are due meanwhile are served. */
const IDLE_MS = 60_000;

export function addWorkerFlags(command: Command): Command {
  return command
    .option('--recipes <dir>', 'folder that recipe names are looked up in (OM_INGEST_RECIPES; default ./recipes)')
    .option('--task-queue <name>', 'queue to poll (OM_INGEST_TASK_QUEUE; default openmetadata-ingestion)')
    .option(
      '--staging <place>',
      'folder, or s3://bucket/prefix, for chunks between stages (OM_INGEST_STAGING; default ./.om-ingest/staging)'
    )
    .option('--concurrency <n>', 'activities at once that read (OM_INGEST_CONCURRENCY; default 8)', wholeNumber)
    .addOption(
      new Option('--stages <which>', 'all, io or parse (OM_INGEST_STAGES; default all)').choices(['all', 'io', 'parse'])
    )
    .addOption(
      new Option('--tuner <kind>', 'fixed, or by memory and processor (OM_INGEST_TUNER; default fixed)').choices([
        'fixed',
        'resource',
      ])
    )
    .option('--metrics <host:port>', 'serve Prometheus metrics there (OM_INGEST_METRICS; default off)')
    .addOption(
      new Option('--log-level <level>', '(OM_INGEST_LOG_LEVEL; default info)').choices([
        'debug',
        'info',
        'warn',
        'error',
      ])
    )
    .addOption(new Option('--log-format <format>', '(OM_INGEST_LOG_FORMAT; default json)').choices(['json', 'pretty']))
    .option(
      '--shutdown-grace <ms>',
      'time for activities after SIGTERM (OM_INGEST_SHUTDOWN_GRACE_MS; default 10000)',
      wholeNumber
    )
    .option(
      '--until-idle [ms]',
      'leave once no run has been open for so long, 60000 without a number (OM_INGEST_UNTIL_IDLE_MS; default off)',
      wholeNumber
    );
}

/** The flags as settings; an absent one is undefined and leaves the choice to the environment. */
export function settingsOf(flags: WorkerFlags): {
  readonly [K in keyof WorkerSettings]?: WorkerSettings[K] | undefined;
} {
  return {
    recipesDir: flags.recipes,
    taskQueue: flags.taskQueue,
    staging: flags.staging,
    concurrency: flags.concurrency,
    stages: flags.stages,
    tuner: flags.tuner,
    metricsAddress: flags.metrics,
    logLevel: flags.logLevel,
    logFormat: flags.logFormat,
    shutdownGraceMs: flags.shutdownGrace,
    untilIdleMs: flags.untilIdle === true ? IDLE_MS : flags.untilIdle,
  };
}

/** @throws InvalidArgumentError, which commander prints with the option's name */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
}
