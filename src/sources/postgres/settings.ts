import { checkServerIdentity, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { ClientConfig } from 'pg';
import { PermanentError } from '../../errors/index.js';
import { Secret } from '../../secrets/index.js';
import type { CloudSqlPlaces } from '../common/cloud-sql.js';
import { usesToken } from '../common/login-way.js';
import { DEFAULT_STATEMENT_TIMEOUT_MS, serverLogin } from '../common/server-login.js';
import type { SessionSettings } from '../common/sql-session.js';
import { tlsMaterial, tlsSettings } from '../common/tls-options.js';
import type { PostgresConnectionConfig, SslMode } from './config.js';
import { readDriverArguments, type DriverArguments } from './driver-arguments.js';

/** Everything needed to open connections, made once from a recipe's config with its secrets resolved. */
export interface PostgresSettings extends SessionSettings {
  readonly user: string;
  /**
   * `none`: names in the catalogue's own SQL are written with their schema. `default`: as users have it, for their own
   * SQL.
   */
  readonly searchPath: 'none' | 'default';
  /** A server without TLS is accepted too. */
  readonly plainIfNoTls: boolean;
  /** @param tag what the server shows of the connection unless the recipe names it */
  readonly driverOptions: (database: string, tag: string) => ClientConfig;
  /** A connection that is open already, inside which the driver talks to a Cloud SQL instance. */
  readonly openSocket?: () => Promise<TLSSocket>;
}

/** Bytes; the server cuts longer names. */
const LONGEST_APPLICATION_NAME = 63;

/** Service accounts have on PostgreSQL the name of their account without its last part. */
const LOGIN = { port: 5432, iamUser: (account: string): string => account.replace(/\.gserviceaccount\.com$/, '') };

/** @throws PermanentError for arguments, certificates and ways to log in that can't be used. */
export async function postgresSettings(
  config: PostgresConnectionConfig,
  google?: CloudSqlPlaces
): Promise<PostgresSettings> {
  const given = readDriverArguments(config.connectionOptions, config.connectionArguments);
  const { host, port, user, token, socket, isInstance, connectTimeoutMs } = serverLogin(config, given, LOGIN, google);
  const auth = config.authType;
  const asked = given.sslMode ?? config.sslMode;
  // Tokens go over TLS only.
  const mode = isInstance ? 'disable' : usesToken(auth) && asked === 'disable' ? 'require' : asked;
  const ssl = sslOf(host, mode, config, given);
  // Never the environment's: PGPASSWORD and ~/.pgpass are another user's business.
  const password = auth?.password ?? '';
  return {
    place: isInstance ? config.hostPort : `${host}:${port}`,
    user,
    ...(socket === undefined ? {} : { openSocket: socket }),
    statementTimeoutMs: DEFAULT_STATEMENT_TIMEOUT_MS,
    searchPath: 'none',
    whyPlain: `${mode === 'disable' ? '' : 'the server has none, and '}sslMode is ${mode}`,
    plainIfNoTls: mode === 'allow' || mode === 'prefer',
    driverOptions: (database, tag) => ({
      ...{ host, port, database, user },
      password: token === undefined ? password : async () => new Secret(await token()).reveal(),
      ssl: ssl ?? false,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: given.applicationName ?? tag.slice(0, LONGEST_APPLICATION_NAME),
      ...(given.options === undefined ? {} : { options: given.options }),
    }),
  };
}

/** As libpq does: a CA that is given is checked against in mode `require` as well, names in `verify-full` alone. */
function sslOf(
  host: string,
  mode: SslMode,
  { sslConfig }: PostgresConnectionConfig,
  { tls }: DriverArguments
): ConnectionOptions | undefined {
  if (mode === 'disable') return undefined;
  const material = { ...tlsMaterial(sslConfig), ...tls };
  const verifies = mode.startsWith('verify') || (mode === 'require' && material.ca !== undefined);
  if (mode.startsWith('verify') && material.ca === undefined) {
    throw new PermanentError(`sslMode ${mode} needs the certificate of the authority that signed the server's.`, {
      where: 'source.serviceConnection.config.sslConfig.caCertificate',
      remedy: 'Give its PEM text or file as sslConfig.caCertificate, or use sslMode require.',
    });
  }
  const settings = tlsSettings(host, { ...material, enabled: true, verifyCertificate: verifies });
  if (settings === undefined) return undefined;
  return {
    ...settings.options,
    // The driver tells Node no host where it is an address: the name is checked against this one.
    checkServerIdentity: (_name, certificate) =>
      mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
}
