import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder in which this project keeps what takes long to build: `$XDG_CACHE_HOME/openmetadata-temporal-ingestion`, else
 * `~/.cache/openmetadata-temporal-ingestion`. It may not exist yet.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME !== undefined && env.XDG_CACHE_HOME !== '' ? env.XDG_CACHE_HOME : undefined;
  return join(base ?? join(env.HOME ?? homedir(), '.cache'), 'openmetadata-temporal-ingestion');
}
