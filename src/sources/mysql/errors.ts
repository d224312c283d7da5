import { IngestionError, PermanentError, TransientError } from '../../errors/index.js';
import { errorOf, sentence, type CodeRule } from '../common/code-rules.js';
import { NETWORK_RULES } from '../common/network-rules.js';
import { certificateError } from '../common/tls-error.js';

const RULES: Readonly<Record<string, CodeRule>> = {
  ...NETWORK_RULES,
  // Credentials and accounts
  ER_ACCESS_DENIED_ERROR: {
    consequence: 'authentication',
    meaning: 'refused the user or password',
    remedy:
      'Check username and authType.password, the host part of the account, and sslConfig: a missing client certificate is answered in the same words.',
  },
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: {
    consequence: 'authentication',
    meaning: 'refused the user without a password',
    remedy: 'Set authType.password.',
  },
  ER_HOST_NOT_PRIVILEGED: {
    consequence: 'authentication',
    meaning: 'lets nobody in from this host',
    remedy: "Create the account for this worker's address: CREATE USER 'name'@'worker-host'.",
  },
  ER_ACCOUNT_HAS_BEEN_LOCKED: {
    consequence: 'authentication',
    meaning: 'has locked this account',
    remedy: 'ALTER USER … ACCOUNT UNLOCK.',
  },
  ER_MUST_CHANGE_PASSWORD: {
    consequence: 'authentication',
    meaning: 'says that the password has expired',
    remedy: 'Set a new password: ALTER USER … IDENTIFIED BY ….',
  },
  ER_MUST_CHANGE_PASSWORD_LOGIN: {
    consequence: 'authentication',
    meaning: 'says that the password has expired',
    remedy: 'Set a new password: ALTER USER … IDENTIFIED BY ….',
  },
  ER_NOT_SUPPORTED_AUTH_MODE: {
    consequence: 'authentication',
    meaning: "wants a way to log in that this driver doesn't know",
    remedy: 'Give the account caching_sha2_password, mysql_native_password or ed25519.',
  },
  AUTH_SWITCH_PLUGIN_ERROR: {
    consequence: 'authentication',
    meaning: 'wants a way to log in that failed here',
    remedy: 'Give the account caching_sha2_password or mysql_native_password, or use TLS (sslConfig).',
  },
  ER_SECURE_TRANSPORT_REQUIRED: {
    consequence: 'permanent',
    meaning: 'accepts TLS connections only',
    remedy: 'Set sslConfig.caCertificate, or connectionArguments: {ssl: true}.',
  },
  HANDSHAKE_NO_SSL_SUPPORT: {
    consequence: 'permanent',
    meaning: 'has no TLS, but the recipe asks for it',
    remedy: 'Switch TLS on in the server, or take sslConfig and the ssl arguments out of the recipe.',
  },
  HANDSHAKE_SSL_ERROR: {
    consequence: 'permanent',
    meaning: 'failed the TLS handshake',
    remedy:
      'Check sslConfig.caCertificate (the authority that signed the certificate), the validity of both certificates, and that hostPort has the name that the certificate was made for.',
  },
  HANDSHAKE_UNKNOWN_ERROR: {
    consequence: 'permanent',
    meaning: 'does not answer like MySQL',
    remedy: 'Check the port in hostPort.',
  },
  // Names and rights
  ER_BAD_DB_ERROR: {
    consequence: 'permanent',
    meaning: 'has no such schema',
    remedy: 'Check databaseSchema and its upper and lower case.',
  },
  ER_DBACCESS_DENIED_ERROR: {
    consequence: 'permanent',
    meaning: 'gives this user no right on the schema',
    remedy: 'Grant SELECT, SHOW VIEW on it.',
  },
  ER_TABLEACCESS_DENIED_ERROR: {
    consequence: 'permanent',
    meaning: 'gives this user no right on the table',
    remedy: 'Grant SELECT, SHOW VIEW on its schema.',
  },
  ER_COLUMNACCESS_DENIED_ERROR: {
    consequence: 'permanent',
    meaning: 'gives this user no right on the column',
    remedy: 'Grant SELECT on the whole schema.',
  },
  ER_SPECIFIC_ACCESS_DENIED_ERROR: {
    consequence: 'permanent',
    meaning: 'asks for a privilege this user does not have',
    remedy: 'Grant the privilege that the message names.',
  },
  ER_VIEW_NO_EXPLAIN: {
    consequence: 'permanent',
    meaning: 'hides the text of a view from this user',
    remedy: 'Grant SHOW VIEW on its schema.',
  },
  // Things that pass
  ENOENT: {
    consequence: 'transient',
    meaning: 'has no such socket file',
    remedy: 'Check connectionArguments.unix_socket, and that the server runs on this host.',
  },
  PROTOCOL_SEQUENCE_TIMEOUT: {
    consequence: 'transient',
    meaning: 'stopped answering in the middle of a statement',
    remedy: 'Look at the load of the server, or raise connectionArguments.read_timeout (seconds).',
  },
  PROTOCOL_CONNECTION_LOST: {
    consequence: 'transient',
    meaning: 'closed the connection',
    remedy: "The server's log tells why.",
  },
  ER_CON_COUNT_ERROR: {
    consequence: 'throttled',
    meaning: 'has too many connections',
    remedy:
      'Lower sourceConfig.config.threads (four connections each, one if no more are available), or raise max_connections.',
  },
  ER_TOO_MANY_USER_CONNECTIONS: {
    consequence: 'throttled',
    meaning: 'has too many connections of this user',
    remedy:
      "Lower sourceConfig.config.threads (four connections each, one if no more are available), or raise the account's MAX_USER_CONNECTIONS.",
  },
  ER_USER_LIMIT_REACHED: {
    consequence: 'throttled',
    meaning: "says that this account's hourly limit is reached",
    remedy: "Raise the account's limits (MAX_QUERIES_PER_HOUR, MAX_CONNECTIONS_PER_HOUR).",
  },
  ER_QUERY_INTERRUPTED: {
    consequence: 'transient',
    meaning: 'interrupted the statement (KILL QUERY)',
    remedy: 'Ask who killed it, if it comes again.',
  },
  ER_CONNECTION_KILLED: {
    consequence: 'transient',
    meaning: 'killed the connection',
    remedy: 'Ask who killed it, if it comes again.',
  },
  ER_STATEMENT_TIMEOUT: {
    consequence: 'timeout',
    meaning: 'ended the statement at its time limit',
    remedy: 'Raise connectionArguments.read_timeout (seconds).',
  },
  ER_QUERY_TIMEOUT: {
    consequence: 'timeout',
    meaning: 'ended the statement at its time limit',
    remedy: 'Raise connectionArguments.read_timeout (seconds).',
  },
  ER_LOCK_WAIT_TIMEOUT: {
    consequence: 'transient',
    meaning: 'waited too long for a lock',
    remedy: 'Run when no ALTER TABLE is running.',
  },
  ER_LOCK_DEADLOCK: { consequence: 'transient', meaning: 'chose this statement in a deadlock', remedy: 'Run again.' },
  ER_SERVER_SHUTDOWN: { consequence: 'transient', meaning: 'is shutting down', remedy: 'Run again when it is up.' },
  ER_NORMAL_SHUTDOWN: { consequence: 'transient', meaning: 'is shutting down', remedy: 'Run again when it is up.' },
  ER_DISK_FULL: { consequence: 'transient', meaning: 'has a full disk', remedy: 'Make room in its tmpdir.' },
  ER_CLIENT_INTERACTION_TIMEOUT: {
    consequence: 'transient',
    meaning: 'closed an idle connection',
    remedy: 'Raise wait_timeout.',
  },
};

/** MariaDB's codes whose numbers have another name in the driver's list. */
const NAMES_BY_NUMBER: Readonly<Record<number, string>> = {
  1045: 'ER_ACCESS_DENIED_ERROR',
  1698: 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  1927: 'ER_CONNECTION_KILLED',
  1969: 'ER_STATEMENT_TIMEOUT',
  3024: 'ER_QUERY_TIMEOUT',
  3118: 'ER_ACCOUNT_HAS_BEEN_LOCKED',
  3159: 'ER_SECURE_TRANSPORT_REQUIRED',
  4031: 'ER_CLIENT_INTERACTION_TIMEOUT',
  4151: 'ER_ACCOUNT_HAS_BEEN_LOCKED',
};

/** The codes the table knows, for the tests and the documentation. */
export const KNOWN_CODES: readonly string[] = Object.keys(RULES);

/**
 * A driver's or server's error as one of the tree. Errors of the tree pass unchanged.
 * @param place `host:port`, as the recipe has it.
 */
export function mysqlError(error: unknown, place: string): Error {
  if (error instanceof IngestionError) return error;
  if (!(error instanceof Error)) return new PermanentError(`MySQL at ${place} failed: ${String(error)}`);
  const untrusted = certificateError(error, `MySQL at ${place}`);
  if (untrusted !== undefined) return untrusted;
  const code = codeOf(error);
  const rule = code === undefined ? undefined : ruleOf(code, error.message);
  // `cause` is left out: a driver error contains the statement and the socket
  if (rule === undefined) return unknownError(error, code, place);
  return errorOf(rule, `MySQL at ${place}`, error);
}

/** One code is used for a limit on simultaneous connections and for several hourly limits: the message tells which. */
function ruleOf(code: string, message: string): CodeRule | undefined {
  const isConnections = code === 'ER_USER_LIMIT_REACHED' && message.includes('max_user_connections');
  return RULES[isConnections ? 'ER_TOO_MANY_USER_CONNECTIONS' : code];
}

/** The name of a driver's or server's error code, MariaDB's own numbers included. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errno' in error && typeof error.errno === 'number') {
    const named = NAMES_BY_NUMBER[error.errno];
    if (named !== undefined) return named;
  }
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  // alerts that come after the handshake: a client certificate that the server doesn't trust
  return /^(ERR_SSL_|ERR_TLS_)/.test(error.code) ? 'HANDSHAKE_SSL_ERROR' : error.code;
}

/** Connection-level failures (SQL state 08…, fatal driver errors) may pass; refused statements won't. */
function unknownError(error: Error, code: string | undefined, place: string): Error {
  const message = `MySQL at ${place} failed${code === undefined ? '' : ` (${code})`}: ${sentence(error)}`;
  const fatal = 'fatal' in error && error.fatal === true;
  const state = 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : '';
  return fatal || state.startsWith('08') ? new TransientError(message) : new PermanentError(message);
}
