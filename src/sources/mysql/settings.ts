import type { ConnectionOptions } from 'mysql2';
import { PermanentError } from '../../errors/index.js';
import { Secret } from '../../secrets/index.js';
import { splitHostPort } from '../common/host-port.js';
import { isCloudSqlInstance, type CloudSqlPlaces } from '../common/cloud-sql.js';
import { isGoogleIam, loginWay, usesToken } from '../common/login-way.js';
import type { SessionSettings } from '../common/sql-session.js';
import { tlsMaterial, tlsSettings, type TlsSettings } from '../common/tls-options.js';
import type { MysqlConnectionConfig } from './config.js';
import { withoutServerKey } from './key-exchange.js';
import { readDriverArguments, type DriverArguments } from './driver-arguments.js';

/** Everything needed to open connections, made once from a recipe's config with resolved secrets. */
export interface MysqlSettings extends SessionSettings {
  readonly user: string;
  readonly tls: TlsSettings | undefined;
  readonly initCommand: string | undefined;
  /**
   * Zone of the session, `utc` by default. Log tables have times without a zone, as the server writes them: they are
   * read in the server's own.
   */
  readonly timeZone?: 'utc' | 'server';
  /** Options of the driver for a new connection; made again each time, since a token may have expired. */
  readonly driverOptions: () => Promise<ConnectionOptions>;
}

const DEFAULT_PORT = 3306;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/**
 * Half an hour: catalogue statements take seconds even for 100,000 tables; this bounds what a killed worker leaves
 * running.
 */
const DEFAULT_STATEMENT_TIMEOUT_MS = 1_800_000;

/** @throws PermanentError for arguments, certificates and log-in methods that can't be used. */
export async function mysqlSettings(config: MysqlConnectionConfig, google?: CloudSqlPlaces): Promise<MysqlSettings> {
  const given = readDriverArguments(config.connectionOptions, config.connectionArguments);
  const { host, port } = splitHostPort(config.hostPort, DEFAULT_PORT);
  const auth = config.authType;
  const material = { ...tlsMaterial(config.sslConfig), ...given.tls };
  // tokens are only sent over TLS
  const isInstance = isCloudSqlInstance(config.hostPort);
  const tls = isInstance ? undefined : tlsSettings(host, usesToken(auth) ? { enabled: true, ...material } : material);
  const login = loginOf(config, given, tls, google);
  // inside the connection to a Cloud SQL instance the server's key comes from the instance
  const trustsKey = tls !== undefined || isInstance || given.trustServerKey === true;
  const user = isGoogleIam(auth) ? cloudSqlUser(config.username) : config.username;
  return {
    place: given.socketPath ?? config.hostPort,
    user,
    tls,
    statementTimeoutMs: given.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
    initCommand: given.initCommand,
    driverOptions: async () => ({
      ...(given.socketPath === undefined ? { host, port } : { socketPath: given.socketPath }),
      user,
      ...(trustsKey ? {} : withoutServerKey(given.socketPath ?? config.hostPort)),
      ...(await login()),
      ...networkOptions(given),
      ...(tls === undefined ? {} : { ssl: tls.options }),
      // dates as text and no guessing of types: rows are checked by their own models
      dateStrings: true,
      supportBigNumbers: true,
      // nothing is prepared here, and the driver reserves room for it at once: half a megabyte per connection by
      // default
      maxPreparedStatements: 1,
      flags: ['-LOCAL_FILES', '-MULTI_STATEMENTS'],
    }),
  };
}

function networkOptions(given: DriverArguments): ConnectionOptions {
  return {
    charset: given.charset ?? 'utf8mb4',
    connectTimeout: given.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    ...(given.localAddress === undefined ? {} : { localAddress: given.localAddress }),
    ...(given.compress === undefined ? {} : { compress: given.compress }),
    connectAttributes: { program_name: given.programName ?? 'openmetadata-temporal-ingestion' },
  };
}

/** How to log in: a password, or a token of AWS, Azure or Google for each connection. */
function loginOf(
  config: MysqlConnectionConfig,
  given: DriverArguments,
  tls: TlsSettings | undefined,
  google: CloudSqlPlaces | undefined
): () => Promise<ConnectionOptions> {
  const { authType: auth, hostPort, username } = config;
  const connectTimeoutMs = given.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  const { ipType } = given;
  const { token, socket } = loginWay(
    {
      ...{ auth, hostPort, username, connectTimeoutMs },
      ...splitHostPort(hostPort, DEFAULT_PORT),
      ...(ipType === undefined ? {} : { ipType }),
    },
    google
  );
  const password = auth?.password === undefined ? {} : { password: auth.password };
  if (socket === undefined) return token === undefined ? async () => password : overTls(token, tls);
  return async () => ({ ...(token === undefined ? password : await asPassword(token)), stream: await socket() });
}

function overTls(tokens: () => Promise<string>, tls: TlsSettings | undefined): () => Promise<ConnectionOptions> {
  if (tls === undefined) throw new PermanentError('Tokens need TLS, but connectionArguments switch it off.');
  return () => asPassword(tokens);
}

/** The server asks for the token in plain text inside TLS. */
async function asPassword(tokens: () => Promise<string>): Promise<ConnectionOptions> {
  const token = new Secret(await tokens()).reveal();
  return { password: token, authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } };
}

/** On MySQL an IAM user's name is the part of the account before the @. */
function cloudSqlUser(username: string): string {
  return username.split('@')[0] ?? username;
}
