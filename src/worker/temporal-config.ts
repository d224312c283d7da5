import {
  loadClientConfigProfile,
  toClientOptions,
  type ClientConfigProfile,
  type ClientConnectConfig,
  type ConfigDataSource,
} from '@temporalio/envconfig';
import { z } from 'zod';
import { FileRefused, readRegularFileSync } from '../reach/index.js';
import { TemporalSettingsError } from './temporal-settings-error.js';

/** Bytes of temporal.toml, and of each certificate and key that it names. */
const LARGEST = 2 * 1024 * 1024;

/**
 * The connection that TEMPORAL_* variables and temporal.toml name.
 * @throws TemporalSettingsError, which quotes no line of the file: one may hold a key
 */
export function loadTemporalConfig(env: NodeJS.ProcessEnv = process.env): ClientConnectConfig {
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  );
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: set, ...configSource(set.TEMPORAL_CONFIG_FILE) });
    checkTypes(profile);
    return toClientOptions(withFiles(profile));
  } catch (error) {
    throw new TemporalSettingsError(
      `The Temporal settings can't be read: ${reasonOf(error)}. Look at TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and temporal.toml.`
    );
  }
}

/** Read here, as reading a pipe would wait for ever. A file that doesn't exist is as good as none. */
function configSource(file: string | undefined): { readonly configSource?: ConfigDataSource } {
  if (file === undefined || file === '') return {};
  try {
    return { configSource: { data: readRegularFileSync(file, LARGEST) } };
  } catch (error) {
    if (error instanceof FileRefused && error.code === 'ENOENT') return {};
    throw new SettingsFault(placeOf(file, error), { cause: error });
  }
}

const text = z.string().optional();
const types = z.object({
  address: text,
  namespace: text,
  apiKey: text,
  grpcMeta: z.record(z.string(), z.string()).optional(),
  tls: z.object({ disabled: z.boolean().optional(), serverName: text }).loose().optional(),
});
const AS_WRITTEN: Readonly<Record<string, string>> = {
  apiKey: 'api_key',
  grpcMeta: 'grpc_meta',
  serverName: 'server_name',
};

/** TOML knows lists and numbers; what is no text would be sent as none, or end the connection in odd words. */
function checkTypes(profile: ClientConfigProfile): void {
  const issue = types.safeParse(profile).error?.issues[0];
  if (issue === undefined) return;
  const key = issue.path.map((part) => AS_WRITTEN[String(part)] ?? String(part)).join('.');
  const wanted = issue.code === 'invalid_type' && issue.expected === 'boolean' ? 'true or false' : 'a text in quotes';
  throw new SettingsFault(`${key} of the profile must be ${wanted}`);
}

function withFiles(profile: ClientConfigProfile): ClientConfigProfile {
  if (profile.tls === undefined || profile.tls.disabled === true) return profile;
  const { clientCert, clientKey, serverCACert, ...others } = profile.tls;
  const sources = Object.entries({ clientCert, clientKey, serverCACert }).flatMap(([key, source]) =>
    source === undefined ? [] : [[key, withFile(source)]]
  );
  return { ...profile, tls: { ...others, ...(Object.fromEntries(sources) as Record<string, ConfigDataSource>) } };
}

function withFile(source: ConfigDataSource): ConfigDataSource {
  if (!('path' in source)) return source;
  if (typeof source.path !== 'string')
    throw new SettingsFault('a path of a certificate or key must be a text in quotes');
  try {
    return { data: readRegularFileSync(source.path, LARGEST) };
  } catch (error) {
    throw new SettingsFault(placeOf(source.path, error), { cause: error });
  }
}

/** Longer than a path that anybody writes, shorter than any key: a key put where its path belongs is not quoted. */
const LONGEST_PATH = 100;

function placeOf(path: string, error: unknown): string {
  const why = error instanceof FileRefused ? error.message : "can't be read";
  return path.length > LONGEST_PATH
    ? `a file that they name ${why}; its path has ${path.length} characters: is it a key itself`
    : `${path} ${why}`;
}

/** In words of ours, which quote no value. */
class SettingsFault extends Error {}

/** A parser shows the line that it stumbled over, below its first line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error';
  if (error instanceof SettingsFault) return error.message;
  // its message quotes the value
  if (error instanceof TypeError) return 'the file has a value in place of a table';
  const line = 'line' in error && typeof error.line === 'number' ? ` (line ${error.line})` : '';
  const isSyntax = line !== '' || error.message.includes('\n');
  return isSyntax ? `the file is not TOML${line}` : error.message;
}
