import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';

/** Where Temporal is, as the `temporal` CLI would see it. */
export interface TemporalSettings {
  /** For `Connection.connect` of the client and `NativeConnection.connect` of the worker alike. */
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  /** Default: `default`. */
  readonly namespace: string;
  /** `host:port`, for messages. */
  readonly address: string;
  /** Whether anybody named an address, by TEMPORAL_ADDRESS or a profile of temporal.toml. */
  readonly configured: boolean;
}

/** Where a server listens that was started without any settings. */
export const DEFAULT_ADDRESS = 'localhost:7233';

/** Thrown when temporal.toml can't be read or names no such profile. */
export class TemporalSettingsError extends Error {
  override readonly name = 'TemporalSettingsError';
}

/**
 * Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE and temporal.toml.
 *
 * @throws TemporalSettingsError
 */
export function readTemporalSettings(env: NodeJS.ProcessEnv = process.env): TemporalSettings {
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  );
  let config: ClientConnectConfig;
  try {
    config = loadClientConnectConfig({ overrideEnvVars: set });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TemporalSettingsError(
      `The Temporal settings can't be read: ${reason}. Look at TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and temporal.toml.`,
      { cause: error }
    );
  }
  const address = config.connectionOptions.address;
  return {
    connectionOptions: { ...config.connectionOptions, address: address ?? DEFAULT_ADDRESS },
    namespace: config.namespace ?? 'default',
    address: address ?? DEFAULT_ADDRESS,
    configured: address !== undefined,
  };
}
