import { cloudSqlIpType } from '../common/cloud-sql.js';
import type { CloudSqlIpType } from '../common/cloud-sql-instance.js';
import {
  flag,
  ignored,
  mergeArguments,
  argumentsReader,
  readArguments,
  seconds,
  text,
  wrongKind,
  type ArgumentReader,
} from '../common/driver-arguments.js';
import type { TlsArguments } from '../common/tls-options.js';

/** What connectionOptions and connectionArguments of a recipe may say, in this connector's terms. */
export interface DriverArguments {
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly charset?: string;
  readonly socketPath?: string;
  readonly localAddress?: string;
  readonly compress?: boolean;
  readonly initCommand?: string;
  readonly programName?: string;
  /** The password may be encrypted with a key sent by the server over a connection without TLS. */
  readonly trustServerKey?: boolean;
  readonly ipType?: CloudSqlIpType;
  readonly tls?: TlsArguments;
}

type Reader = ArgumentReader<DriverArguments>;

/**
 * PyMySQL's names (what OpenMetadata's recipes use), each with its meaning here. An argument accepted without effect
 * asks for what this connector does anyway.
 */
const ARGUMENTS: Readonly<Record<string, Reader>> = {
  connect_timeout: (value, path) => ({ connectTimeoutMs: seconds(value, path) }),
  read_timeout: (value, path) => ({ statementTimeoutMs: seconds(value, path) }),
  write_timeout: (value, path) => (seconds(value, path), {}),
  charset: (value, path) => ({ charset: text(value, path) }),
  collation: (value, path) => ({ charset: text(value, path) }),
  unix_socket: (value, path) => ({ socketPath: text(value, path) }),
  bind_address: (value, path) => ({ localAddress: text(value, path) }),
  compress: (value, path) => ({ compress: flag(value, path) }),
  init_command: (value, path) => ({ initCommand: text(value, path) }),
  program_name: (value, path) => ({ programName: text(value, path) }),
  get_server_public_key: (value, path) => ({ trustServerKey: flag(value, path) }),
  ip_type: (value, path) => ({ ipType: cloudSqlIpType(value, path) }),
  ...ignored('use_unicode', 'autocommit'),
  ssl: readSsl,
  ssl_ca: (value, path) => ({ tls: { ca: text(value, path) } }),
  ssl_cert: (value, path) => ({ tls: { certificate: text(value, path) } }),
  ssl_key: (value, path) => ({ tls: { key: text(value, path) } }),
  ssl_key_password: (value, path) => ({ tls: { passphrase: text(value, path) } }),
  ssl_verify_cert: (value, path) => ({ tls: { verifyCertificate: flag(value, path) } }),
  ssl_verify_identity: (value, path) => ({ tls: { verifyIdentity: flag(value, path) } }),
  ssl_check_hostname: (value, path) => ({ tls: { verifyIdentity: flag(value, path) } }),
  ssl_disabled: (value, path) => ({ tls: { enabled: !flag(value, path) } }),
};

const TABLE = { engine: 'MySQL', readers: ARGUMENTS };

/** Keys inside `ssl: {…}`, with the argument each means. */
const SSL_KEYS: Readonly<Record<string, string>> = {
  ca: 'ssl_ca',
  cert: 'ssl_cert',
  key: 'ssl_key',
  ssl_ca: 'ssl_ca',
  ssl_cert: 'ssl_cert',
  ssl_key: 'ssl_key',
  check_hostname: 'ssl_verify_identity',
  verify_identity: 'ssl_verify_identity',
  verify_cert: 'ssl_verify_cert',
  verify_mode: 'ssl_verify_cert',
};

/** Of a recipe's connectionOptions and connectionArguments. */
export const readDriverArguments = argumentsReader<DriverArguments>(TABLE);

function readSsl(value: unknown, path: string): DriverArguments {
  if (typeof value === 'boolean' || value === 'true' || value === 'false')
    return { tls: { enabled: flag(value, path) } };
  if (typeof value !== 'object' || value === null)
    throw wrongKind(path, 'true, false or a map such as {ca: /path/ca.pem}');
  const readers: Record<string, Reader> = {};
  for (const [key, argument] of Object.entries(SSL_KEYS)) readers[key] = ARGUMENTS[argument] ?? (() => ({}));
  const inner = readArguments(Object.fromEntries(Object.entries(value)), path, { ...TABLE, readers });
  return mergeArguments<DriverArguments>([{ tls: { enabled: true } }, ...inner]);
}
