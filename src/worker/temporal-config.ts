import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { TemporalSettingsError } from './temporal-settings-error.js';

/**
 * The connection that TEMPORAL_* variables and temporal.toml name.
 * @throws TemporalSettingsError, which quotes no line of the file: one may hold a key
 */
export function loadTemporalConfig(env: NodeJS.ProcessEnv = process.env): ClientConnectConfig {
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars: set });
  } catch (error) {
    throw new TemporalSettingsError(
      `The Temporal settings can't be read: ${reasonOf(error)}. Look at TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and temporal.toml.`
    );
  }
}

/** Longer than a path that anybody writes, shorter than any key: a key put where its path belongs is not quoted. */
const LONGEST_PATH = 100;

/** A parser shows the line that it stumbled over, below its first line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error';
  if ('path' in error && typeof error.path === 'string' && error.path.length > LONGEST_PATH) {
    const code = 'code' in error ? ` (${String(error.code)})` : '';
    return `a file that they name can't be opened${code}; its path has ${error.path.length} characters: is it a key itself`;
  }
  // its message quotes the value
  if (error instanceof TypeError) return 'the file has a value in place of a table';
  const line = 'line' in error && typeof error.line === 'number' ? ` (line ${error.line})` : '';
  const isSyntax = line !== '' || error.message.includes('\n');
  return isSyntax ? `the file is not TOML${line}` : error.message;
}
