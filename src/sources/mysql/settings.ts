import type { ConnectionOptions } from 'mysql2';
import { PermanentError } from '../../errors/index.js';
import { Secret } from '../../secrets/index.js';
import { splitHostPort } from '../common/host-port.js';
import { azureTokens } from '../common/azure-token.js';
import { rdsToken } from '../common/rds-token.js';
import { tlsMaterial, tlsSettings, type TlsSettings } from '../common/tls-options.js';
import type { MysqlConnectionConfig } from './config.js';
import { withoutServerKey } from './key-exchange.js';
import { readDriverArguments, type DriverArguments } from './driver-arguments.js';

/** Everything needed to open connections, made once from a recipe's config with its secrets resolved. */
export interface MysqlSettings {
  /** `host:port` or the socket's path, for messages. */
  readonly place: string;
  readonly user: string;
  readonly tls: TlsSettings | undefined;
  /** Milliseconds the server may work on one statement; this side waits little longer for its next row. */
  readonly statementTimeoutMs: number;
  readonly initCommand: string | undefined;
  /** Zone of the session, `utc` by default. Log tables hold times without one, as the server writes them: they are read in its own. */
  readonly timeZone?: 'utc' | 'server';
  /** Options of the driver for a new connection; made anew each time, since a token may have run out. */
  readonly driverOptions: () => Promise<ConnectionOptions>;
}

const DEFAULT_PORT = 3306;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** Half an hour: catalogue statements take seconds even for 100,000 tables; it bounds what a killed worker leaves running. */
const DEFAULT_STATEMENT_TIMEOUT_MS = 1_800_000;

/** @throws PermanentError for arguments, certificates and ways to log in that can't be used. */
export async function mysqlSettings(config: MysqlConnectionConfig): Promise<MysqlSettings> {
  const given = readDriverArguments(config.connectionOptions, config.connectionArguments);
  const { host, port } = splitHostPort(config.hostPort, DEFAULT_PORT);
  const usesToken = config.authType?.awsConfig !== undefined || config.authType?.azureConfig !== undefined;
  const material = { ...tlsMaterial(config.sslConfig), ...given.tls };
  // Tokens go over TLS only.
  const tls = tlsSettings(host, usesToken ? { enabled: true, ...material } : material);
  const login = loginOf(config, host, port, tls);
  return {
    place: given.socketPath ?? config.hostPort,
    user: config.username,
    tls,
    statementTimeoutMs: given.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
    initCommand: given.initCommand,
    driverOptions: async () => ({
      ...(given.socketPath === undefined ? { host, port } : { socketPath: given.socketPath }),
      user: config.username,
      ...(tls === undefined && given.trustServerKey !== true
        ? withoutServerKey(given.socketPath ?? config.hostPort)
        : {}),
      ...(await login()),
      ...networkOptions(given),
      ...(tls === undefined ? {} : { ssl: tls.options }),
      // Dates as text and no guessing of types: rows are checked by models of their own.
      dateStrings: true,
      supportBigNumbers: true,
      // Nothing is prepared here, and the driver sets the room for it aside at once: half a megabyte a connection by default.
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

/** How to log in: a password, or a token of AWS or Azure for each connection. */
function loginOf(
  config: MysqlConnectionConfig,
  host: string,
  port: number,
  tls: TlsSettings | undefined
): () => Promise<ConnectionOptions> {
  const auth = config.authType;
  if (auth?.awsConfig !== undefined) {
    const aws = auth.awsConfig;
    return byToken(() => rdsToken({ host, port, user: config.username, aws }), tls);
  }
  if (auth?.azureConfig !== undefined) return byToken(azureTokens(auth.azureConfig), tls);
  if (auth?.gcpConfig !== undefined) throw unsupported('gcpConfig', 'the Cloud SQL connector');
  return () => Promise.resolve(auth?.password === undefined ? {} : { password: auth.password });
}

function byToken(tokens: () => Promise<string>, tls: TlsSettings | undefined): () => Promise<ConnectionOptions> {
  if (tls === undefined) throw new PermanentError('Tokens need TLS, but connectionArguments switch it off.');
  return async () => {
    const token = new Secret(await tokens()).reveal();
    // The server asks for the token in plain text inside TLS.
    return { password: token, authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } };
  };
}

function unsupported(key: string, what: string): PermanentError {
  return new PermanentError(`authType.${key} (${what}) is not supported by this version.`, {
    where: `source.serviceConnection.config.authType.${key}`,
    remedy:
      'Use authType.password with a database user of its own (for a token fetched elsewhere: authType.password: ${TOKEN}), or authType.awsConfig on RDS, authType.azureConfig on Azure.',
  });
}
