import type { ClientConnectConfig } from '@temporalio/envconfig';
import { loadTemporalConfig } from '../worker/temporal-config.js';

/** Where Temporal is, as the `temporal` CLI would find it. */
export interface TemporalSettings {
  /** For both the client's `Connection.connect` and the worker's `NativeConnection.connect`. */
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  /** Default: `default`. */
  readonly namespace: string;
  /** `host:port`, for messages. */
  readonly address: string;
  /** Whether an address was given, by TEMPORAL_ADDRESS or a profile of temporal.toml. */
  readonly configured: boolean;
}

/** Where a server listens that was started without settings. */
export const DEFAULT_ADDRESS = 'localhost:7233';

export { TemporalSettingsError } from '../worker/temporal-settings-error.js';

/**
 * Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE and temporal.toml.
 *
 * @throws TemporalSettingsError
 */
export function readTemporalSettings(env: NodeJS.ProcessEnv = process.env): TemporalSettings {
  const config = loadTemporalConfig(env);
  const address = config.connectionOptions.address;
  return {
    connectionOptions: { ...config.connectionOptions, address: address ?? DEFAULT_ADDRESS },
    namespace: config.namespace ?? 'default',
    address: address ?? DEFAULT_ADDRESS,
    configured: address !== undefined,
  };
}
