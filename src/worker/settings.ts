import path from 'node:path';
import { z } from 'zod';
import { allowedNames, type Reach } from '../reach/index.js';
import { DEFAULT_TASK_QUEUE } from '../contract/task-queues.js';
import { isS3Location } from '../staging/index.js';

const milliseconds = z.coerce.number().int().positive();

/**
 * Settings of a worker process. Commands import this file itself: the room's door loads the SDK's worker: half a
 * second. Each can be set in the environment under the name given here; a flag of `om-ingest worker` wins over it. The
 * Temporal connection is not among them: it comes from TEMPORAL_* variables and temporal.toml alone.
 */
const settingsModel = z.object({
  /** OM_INGEST_TASK_QUEUE */
  taskQueue: z.string().min(1).default(DEFAULT_TASK_QUEUE),
  /** OM_INGEST_RECIPES: folder that `recipePath` is looked up in. */
  recipesDir: z.string().min(1).default('./recipes'),
  /**
   * OM_INGEST_FILES: folders, separated by `:`, below which recipes that somebody sends (`recipeYaml`, `recipe`) may
   * name files; those of the recipes folder may name any. Default: the recipes folder.
   */
  files: z.string().optional(),
  /** OM_INGEST_VARIABLES: environment variables that such recipes may name, separated by commas, `*` at an end. */
  variables: z.string().default('*'),
  /** OM_INGEST_HOSTS: hosts, with or without port, that such recipes may name, separated by commas, `*` at an end. */
  hosts: z.string().default('*'),
  /**
   * OM_INGEST_SECRETS: ids of secret managers (`secret:id`) that such recipes may name, separated by commas, `*` at an
   * end.
   */
  secrets: z.string().default('*'),
  /** OM_INGEST_INLINE: `off` takes no such recipes at all. */
  inline: z.enum(['on', 'off']).default('on'),
  /**
   * OM_INGEST_STAGING: the staging store, shared by the workers that should share runs: a folder, or
   * `s3://bucket/prefix`.
   */
  staging: z.string().min(1).default('./.om-ingest/staging'),
  /** OM_INGEST_S3_ENDPOINT: URL of a store that speaks S3 and is not Amazon's. */
  s3Endpoint: z
    .url({ protocol: /^https?$/, error: 'must be a URL, such as https://minio.example.com:9000' })
    .optional(),
  /** OM_INGEST_S3_REGION: region of the bucket; default: as the AWS SDK finds it (AWS_REGION). */
  s3Region: z.string().min(1).optional(),
  /**
   * OM_INGEST_S3_FORCE_PATH_STYLE: the bucket in the path instead of the host name, as most stores other than Amazon's
   * want it.
   */
  s3ForcePathStyle: z
    .stringbool({ truthy: ['true'], falsy: ['false'], error: 'must be true or false' })
    .or(z.boolean())
    .default(false),
  /**
   * OM_INGEST_CONCURRENCY: activities at once that read sources or staged chunks; each may hold connections to a
   * source. Just as many may publish, and three more slots are for starting runs and answering questions.
   */
  concurrency: z.coerce.number().int().min(1).max(200).default(8),
  /**
   * OM_INGEST_STAGES: `all`; `parse`: only what parses SQL, which is CPU-bound; `io`: everything else. A fleet that has
   * workers of one needs workers of the other.
   */
  stages: z.enum(['all', 'io', 'parse']).default('all'),
  /**
   * OM_INGEST_TUNER: `fixed` uses the concurrency as it is; `resource` takes it as the upper bound and aims at 80 %
   * memory and 90 % processor.
   */
  tuner: z.enum(['fixed', 'resource']).default('fixed'),
  /** OM_INGEST_CACHED_WORKFLOWS: workflows kept in memory between their tasks, about 1 MiB each. */
  cachedWorkflows: z.coerce.number().int().min(0).default(50),
  /** OM_INGEST_METRICS: `host:port` that serves Prometheus metrics; off when not set. */
  metricsAddress: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port, such as 0.0.0.0:9464')
    .optional(),
  /** OM_INGEST_LOG_LEVEL */
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** OM_INGEST_LOG_FORMAT: `json` (one object a line) or `pretty`. */
  logFormat: z.enum(['json', 'pretty']).default('json'),
  /**
   * OM_INGEST_SHUTDOWN_GRACE_MS: how long activities may take after SIGTERM, their wrapping up included; about a second
   * later the process is over. Keep it below the orchestrator's kill delay.
   */
  shutdownGraceMs: milliseconds.default(10_000),
  /**
   * OM_INGEST_SHUTDOWN_FORCE_MS: how long cancelled activities may take to end; then the process exits with an error,
   * whatever hangs.
   */
  shutdownForceMs: milliseconds.default(30_000),
  /** OM_INGEST_HEARTBEAT_MS: silence after which an attempt counts as dead. */
  heartbeatMs: milliseconds.default(30_000),
  /**
   * OM_INGEST_STORE_TIMEOUT_MS: how long a stage waits for a slot of its store before the run asks whether the store
   * has workers at all; when none answers within two minutes it extracts again elsewhere.
   */
  storeTimeoutMs: milliseconds.default(600_000),
  /** OM_INGEST_SWEEP_MS: staged runs untouched for this long are removed, when a worker starts and once a day. */
  sweepMs: milliseconds.default(7 * 24 * 3_600_000),
  /**
   * OM_INGEST_UNTIL_IDLE_MS: the worker ends, with exit code 0, once no run of its queue has been open for this long;
   * off when not set.
   */
  untilIdleMs: milliseconds.optional(),
  /**
   * OM_INGEST_ACTIVITIES_PER_SECOND: activities that all workers of a store begin a second, on each of its queues for
   * reading and publishing; Temporal counts them for the fleet. No limit when not set; the worker that started last
   * sets the number.
   */
  activitiesPerSecond: z.coerce.number().positive().optional(),
  /**
   * TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, as Temporal's own worker controller sets them: the worker
   * takes runs as that version of that deployment, and a run stays with the version that began it. Off when neither is
   * set.
   */
  deploymentName: z.string().min(1).optional(),
  buildId: z.string().min(1).optional(),
});

export type WorkerSettings = z.infer<typeof settingsModel> & { readonly files: string };

/** The variable of each setting. */
export const WORKER_VARIABLES: Readonly<Record<keyof WorkerSettings, string>> = {
  taskQueue: 'OM_INGEST_TASK_QUEUE',
  recipesDir: 'OM_INGEST_RECIPES',
  files: 'OM_INGEST_FILES',
  variables: 'OM_INGEST_VARIABLES',
  hosts: 'OM_INGEST_HOSTS',
  secrets: 'OM_INGEST_SECRETS',
  inline: 'OM_INGEST_INLINE',
  staging: 'OM_INGEST_STAGING',
  s3Endpoint: 'OM_INGEST_S3_ENDPOINT',
  s3Region: 'OM_INGEST_S3_REGION',
  s3ForcePathStyle: 'OM_INGEST_S3_FORCE_PATH_STYLE',
  concurrency: 'OM_INGEST_CONCURRENCY',
  stages: 'OM_INGEST_STAGES',
  tuner: 'OM_INGEST_TUNER',
  cachedWorkflows: 'OM_INGEST_CACHED_WORKFLOWS',
  metricsAddress: 'OM_INGEST_METRICS',
  logLevel: 'OM_INGEST_LOG_LEVEL',
  logFormat: 'OM_INGEST_LOG_FORMAT',
  shutdownGraceMs: 'OM_INGEST_SHUTDOWN_GRACE_MS',
  shutdownForceMs: 'OM_INGEST_SHUTDOWN_FORCE_MS',
  heartbeatMs: 'OM_INGEST_HEARTBEAT_MS',
  storeTimeoutMs: 'OM_INGEST_STORE_TIMEOUT_MS',
  sweepMs: 'OM_INGEST_SWEEP_MS',
  untilIdleMs: 'OM_INGEST_UNTIL_IDLE_MS',
  activitiesPerSecond: 'OM_INGEST_ACTIVITIES_PER_SECOND',
  deploymentName: 'TEMPORAL_DEPLOYMENT_NAME',
  buildId: 'TEMPORAL_WORKER_BUILD_ID',
};

/**
 * @param flags settings given on the command line or by code; undefined ones are as if absent. Paths become absolute.
 * @throws Error naming the variable and what is allowed
 */
export function readWorkerSettings(
  env: Readonly<Record<string, string | undefined>>,
  flags: { readonly [K in keyof WorkerSettings]?: WorkerSettings[K] | undefined } = {}
): WorkerSettings {
  const given: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(WORKER_VARIABLES)) {
    const value = flags[key as keyof WorkerSettings] ?? (env[variable] === '' ? undefined : env[variable]);
    if (value !== undefined) given[key] = value;
  }
  const parsed = settingsModel.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const key = String(issue.path[0]) as keyof WorkerSettings;
      return `${WORKER_VARIABLES[key]} (${key}) is ${JSON.stringify(given[key])}: ${issue.message}`;
    });
    throw new Error(lines.join('\n'));
  }
  const settings = parsed.data;
  if ((settings.deploymentName === undefined) !== (settings.buildId === undefined))
    throw new Error(
      `${WORKER_VARIABLES.deploymentName} and ${WORKER_VARIABLES.buildId} belong together: set both or neither.`
    );
  const staging = isS3Location(settings.staging) ? settings.staging : path.resolve(settings.staging);
  const recipesDir = path.resolve(settings.recipesDir);
  return { ...settings, recipesDir, files: settings.files ?? recipesDir, staging };
}

/** What recipes that somebody sends may reach on a worker with these settings. */
export function reachOf({ files, variables, hosts, secrets, inline }: WorkerSettings): Reach {
  const folders = files.split(path.delimiter).filter((folder) => folder !== '');
  return {
    inline: inline === 'on',
    folders: folders.map((folder) => path.resolve(folder)),
    ...(variables === '*' ? {} : { variables: allowedNames(variables) }),
    ...(hosts === '*' ? {} : { hosts: allowedNames(hosts, { ignoreCase: true }) }),
    ...(secrets === '*' ? {} : { secrets: allowedNames(secrets) }),
  };
}
