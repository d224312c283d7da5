import { IngestionError } from '../../errors/index.js';
import type { CheckResult, SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { isSupported, OLDEST_SUPPORTED, type ServerVersion } from './server-version.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** The connection as the first finding, then what `steps` find on it; nothing more when there is no connection. */
export async function* checkInSession(
  config: MysqlConnectionConfig,
  context: SourceContext,
  steps: (session: MysqlSession) => AsyncIterable<CheckResult>
): AsyncGenerator<CheckResult> {
  let session: MysqlSession;
  let place: string;
  try {
    const settings = await mysqlSettings(config);
    place = settings.place;
    session = await MysqlSession.open(settings, context);
  } catch (error) {
    if (!(error instanceof IngestionError)) throw error;
    yield failedConnection(error);
    return;
  }
  try {
    const message = `connected to ${place} as ${config.username}`;
    yield { name: 'connection', passed: true, mandatory: true, message };
    yield* steps(session);
  } finally {
    await session.close();
  }
}

export function checkVersion(version: ServerVersion): CheckResult {
  const base = { name: 'server version', mandatory: false } as const;
  const name = `${version.flavour} ${version.text}`;
  if (isSupported(version)) return { ...base, passed: true, message: name };
  const oldest = `${version.flavour} ${OLDEST_SUPPORTED[version.flavour]}`;
  return {
    ...base,
    passed: false,
    message: `${name} is older than ${oldest}, the oldest that is supported`,
    remedy: 'Upgrade the server.',
  };
}

/** Connections that a read of a schema takes where it may. */
const CONNECTIONS = 4;

/** `undefined` where the account has no limit that is felt. */
export function checkConnections(session: MysqlSession): CheckResult | undefined {
  const limit = session.connectionLimit;
  if (limit === 0 || limit >= CONNECTIONS) return undefined;
  return {
    name: 'connections',
    passed: false,
    mandatory: false,
    message: `this account may have ${limit} at once (MAX_USER_CONNECTIONS): a schema is read over one, its lists one after the other`,
    remedy: `Keep sourceConfig.config.threads at 1, or allow ${CONNECTIONS} a thread: ALTER USER … WITH MAX_USER_CONNECTIONS ${CONNECTIONS};`,
  };
}

export function checkTls(session: MysqlSession): CheckResult {
  const protocol = session.tlsProtocol;
  const message = protocol === undefined ? 'not used: the recipe has no sslConfig' : `on (${protocol})`;
  return { name: 'TLS', passed: true, mandatory: false, message };
}

function failedConnection(error: IngestionError): CheckResult {
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return { name: 'connection', passed: false, mandatory: true, message: error.message, error, ...remedy };
}
