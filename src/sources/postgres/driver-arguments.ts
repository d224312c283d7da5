import { cloudSqlIpType } from '../common/cloud-sql.js';
import type { CloudSqlIpType } from '../common/cloud-sql-instance.js';
import { ignored, argumentsReader, seconds, text, wrongKind, type ArgumentReader } from '../common/driver-arguments.js';
import type { TlsArguments } from '../common/tls-options.js';
import { SSL_MODES, type SslMode } from './config.js';

/** What connectionOptions and connectionArguments of a recipe may say, in this connector's terms. */
export interface DriverArguments {
  readonly connectTimeoutMs?: number;
  readonly applicationName?: string;
  /** For the server, as `-c name=value`. */
  readonly options?: string;
  readonly sslMode?: SslMode;
  readonly ipType?: CloudSqlIpType;
  readonly tls?: TlsArguments;
}

/**
 * libpq's names, which psycopg2 takes. Those accepted without effect ask for what this connector does anyway, or leaves
 * to the driver.
 */
const READERS: Readonly<Record<string, ArgumentReader<DriverArguments>>> = {
  connect_timeout: (value, path) => ({ connectTimeoutMs: seconds(value, path) }),
  application_name: (value, path) => ({ applicationName: text(value, path) }),
  options: (value, path) => ({ options: text(value, path) }),
  sslmode: (value, path) => ({ sslMode: modeOf(value, path) }),
  sslrootcert: (value, path) => ({ tls: { ca: text(value, path) } }),
  sslcert: (value, path) => ({ tls: { certificate: text(value, path) } }),
  sslkey: (value, path) => ({ tls: { key: text(value, path) } }),
  sslpassword: (value, path) => ({ tls: { passphrase: text(value, path) } }),
  ip_type: (value, path) => ({ ipType: cloudSqlIpType(value, path) }),
  ...ignored('client_encoding', 'gssencmode', 'channel_binding'),
  ...ignored('keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count'),
};

/** Of a recipe's connectionOptions and connectionArguments. */
export const readDriverArguments = argumentsReader<DriverArguments>({ engine: 'PostgreSQL', readers: READERS });

function modeOf(value: unknown, path: string): SslMode {
  const mode = SSL_MODES.find((each) => each === value);
  if (mode === undefined) throw wrongKind(path, `one of ${SSL_MODES.join(', ')}`);
  return mode;
}
