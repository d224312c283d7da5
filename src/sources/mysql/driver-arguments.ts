import { distance } from 'fastest-levenshtein';
import { PermanentError } from '../../errors/index.js';

/** What connectionOptions and connectionArguments of a recipe may say, in the terms of this connector. */
export interface DriverArguments {
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly charset?: string;
  readonly socketPath?: string;
  readonly localAddress?: string;
  readonly compress?: boolean;
  readonly initCommand?: string;
  readonly programName?: string;
  readonly tls?: TlsArguments;
}

/** PEM texts or paths of PEM files, as the recipe gives them. */
export interface TlsArguments {
  readonly enabled?: boolean;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly verifyCertificate?: boolean;
  readonly verifyIdentity?: boolean;
}

type Reader = (value: unknown, path: string) => DriverArguments;

/**
 * PyMySQL's names (what OpenMetadata's recipes use), each with its meaning here. An argument that is accepted without effect is one that says
 * what this connector does anyway.
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
  use_unicode: () => ({}),
  autocommit: () => ({}),
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

/** Keys inside `ssl: {…}`, with the argument each stands for. */
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

export const ALLOWED_ARGUMENTS: readonly string[] = Object.keys(ARGUMENTS).sort();

/**
 * Reads connectionOptions and connectionArguments; the latter win. Empty values are dropped, as OpenMetadata does.
 * @throws PermanentError for an argument that is not in the table or has a value of another kind, naming those allowed.
 */
export function readDriverArguments(
  options: Readonly<Record<string, string>> = {},
  driverArguments: Readonly<Record<string, unknown>> = {}
): DriverArguments {
  const read = [
    ...entriesOf(options, 'connectionOptions', ARGUMENTS),
    ...entriesOf(driverArguments, 'connectionArguments', ARGUMENTS),
  ];
  return read.reduce<DriverArguments>(mergeArguments, {});
}

function entriesOf(
  values: Readonly<Record<string, unknown>>,
  where: string,
  table: Readonly<Record<string, Reader>>
): DriverArguments[] {
  return Object.entries(values)
    .filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .map(([key, value]) => {
      const reader = Object.hasOwn(table, key) ? table[key] : undefined;
      if (reader === undefined) throw unknownArgument(key, where, Object.keys(table));
      return reader(value, `${where}.${key}`);
    });
}

function unknownArgument(key: string, where: string, allowed: readonly string[]): PermanentError {
  const isTls = where.endsWith('.ssl');
  const nearest = [...allowed].sort((left, right) => distance(left, key) - distance(right, key))[0] ?? '';
  const hint = distance(nearest, key) <= 3 ? ` Did you mean ${nearest}?` : '';
  return new PermanentError(`${where}.${key} is not an argument of the MySQL connection.`, {
    where: `source.serviceConnection.config.${where}.${key}`,
    remedy: `Take it out; allowed are ${[...allowed].sort().join(', ')}.${hint}${isTls ? ' For TLS with what the system trusts write `ssl: true`.' : ''}`,
  });
}

function mergeArguments(into: DriverArguments, each: DriverArguments): DriverArguments {
  const tls = into.tls === undefined && each.tls === undefined ? {} : { tls: { ...into.tls, ...each.tls } };
  return { ...into, ...each, ...tls };
}

function readSsl(value: unknown, path: string): DriverArguments {
  if (typeof value === 'boolean' || value === 'true' || value === 'false')
    return { tls: { enabled: flag(value, path) } };
  if (typeof value !== 'object' || value === null)
    throw wrongKind(path, 'true, false or a map such as {ca: /path/ca.pem}');
  const readers: Record<string, Reader> = {};
  for (const [key, argument] of Object.entries(SSL_KEYS)) readers[key] = ARGUMENTS[argument] ?? (() => ({}));
  const inner = entriesOf(Object.fromEntries(Object.entries(value)), path, readers);
  return inner.reduce<DriverArguments>(mergeArguments, { tls: { enabled: true } });
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongKind(path, 'a text');
  return value;
}

function seconds(value: unknown, path: string): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0)) throw wrongKind(path, 'a number of seconds above 0');
  return Math.round(number * 1000);
}

function flag(value: unknown, path: string): boolean {
  switch (String(value).toLowerCase()) {
    case 'true':
    case '1':
    case 'cert_required':
      return true;
    case 'false':
    case '0':
    case 'none':
    case 'cert_none':
      return false;
    default:
      throw wrongKind(path, 'true or false');
  }
}

function wrongKind(path: string, expected: string): PermanentError {
  return new PermanentError(`${path} has a value that can't be used; expected ${expected}.`, {
    where: `source.serviceConnection.config.${path}`,
  });
}
