import { ingestionError, rulesOf, type CodeRule, type ErrorTable } from '../common/code-rules.js';
import { NETWORK_RULES } from '../common/network-rules.js';

/** Codes of a refused log-in that a statement may get, too. */
const LOG_IN_WORDS = /^ER_ACCESS_DENIED_(NO_PASSWORD_)?ERROR$/;
/** What they are called then. */
const REFUSED_STATEMENT = 'ER_ACCESS_DENIED_ERROR of a statement';

const MIXED_COLLATIONS = [
  "can't compare texts of two collations",
  'A value with characters that the character set of its column lacks is in no row: take it out of partitionValues, or of the parameters of the test. Of two columns, in SQL of your own, write the collation (COLLATE).',
] as const;

const RULES: Readonly<Record<string, CodeRule>> = {
  ...NETWORK_RULES,
  ...rulesOf('authentication', {
    ER_ACCESS_DENIED_ERROR: [
      'refused the user or password',
      'Check username and authType.password, the host part of the account, and sslConfig: a missing client certificate is answered in the same words.',
    ],
    ER_ACCESS_DENIED_NO_PASSWORD_ERROR: ['refused the user without a password', 'Set authType.password.'],
    ER_HOST_NOT_PRIVILEGED: [
      'lets nobody in from this host',
      "Create the account for this worker's address: CREATE USER 'name'@'worker-host'.",
    ],
    ER_ACCOUNT_HAS_BEEN_LOCKED: ['has locked this account', 'ALTER USER … ACCOUNT UNLOCK.'],
    ER_MUST_CHANGE_PASSWORD: [
      'says that the password has expired',
      'Set a new password: ALTER USER … IDENTIFIED BY ….',
    ],
    ER_MUST_CHANGE_PASSWORD_LOGIN: [
      'says that the password has expired',
      'Set a new password: ALTER USER … IDENTIFIED BY ….',
    ],
    ER_NOT_SUPPORTED_AUTH_MODE: [
      "wants a way to log in that this driver doesn't know",
      'Give the account caching_sha2_password, mysql_native_password or ed25519.',
    ],
    AUTH_SWITCH_PLUGIN_ERROR: [
      'wants a way to log in that failed here',
      'Give the account caching_sha2_password or mysql_native_password, or use TLS (sslConfig).',
    ],
  }),
  ...rulesOf('permanent', {
    ER_SECURE_TRANSPORT_REQUIRED: [
      'accepts TLS connections only',
      'Set sslConfig.caCertificate, or connectionArguments: {ssl: true}.',
    ],
    HANDSHAKE_NO_SSL_SUPPORT: [
      'has no TLS, but the recipe asks for it',
      'Switch TLS on in the server, or take sslConfig and the ssl arguments out of the recipe.',
    ],
    HANDSHAKE_SSL_ERROR: [
      'failed the TLS handshake',
      'Check sslConfig.caCertificate (the authority that signed the certificate), the validity of both certificates, and that hostPort has the name that the certificate was made for.',
    ],
    HANDSHAKE_UNKNOWN_ERROR: ['does not answer like MySQL', 'Check the port in hostPort.'],
    ER_BAD_DB_ERROR: ['has no such schema', 'Check databaseSchema and its upper and lower case.'],
    ER_DBACCESS_DENIED_ERROR: ['gives this user no right on the schema', 'Grant SELECT, SHOW VIEW on it.'],
    ER_TABLEACCESS_DENIED_ERROR: ['gives this user no right on the table', 'Grant SELECT, SHOW VIEW on its schema.'],
    ER_COLUMNACCESS_DENIED_ERROR: ['gives this user no right on the column', 'Grant SELECT on the whole schema.'],
    ER_SPECIFIC_ACCESS_DENIED_ERROR: [
      'asks for a privilege this user does not have',
      'Grant the privilege that the message names.',
    ],
    [REFUSED_STATEMENT]: [
      'refused a statement of a session that is logged in',
      'Create a view whose definer is gone anew, by a user that exists (SHOW CREATE VIEW names the definer), or leave it out by a filter. What reads or writes files needs FILE.',
    ],
    ER_NO_SUCH_USER: [
      'finds no definer for what was read',
      'Create the view or routine anew, by a user that exists, or leave it out by a filter.',
    ],
    ER_VIEW_INVALID: [
      'finds the view broken',
      'Create again what it reads, let its definer read that (SHOW CREATE VIEW names both), or leave it out by a filter.',
    ],
    ER_PROCACCESS_DENIED_ERROR: ['gives this user no right on the routine', 'Grant EXECUTE on it.'],
    ...Object.fromEntries(
      ['ER_CANT_AGGREGATE_2COLLATIONS', 'ER_CANT_AGGREGATE_3COLLATIONS', 'ER_CANT_AGGREGATE_NCOLLATIONS'].map(
        (code) => [code, MIXED_COLLATIONS]
      )
    ),
    ER_SUBQUERY_NO_1_ROW: [
      'got several rows where a value belongs',
      "A time with an offset, before 1970 or after 2038-01-19, can't be moved to the clock of a server whose time zone has a name: in partitionValues, or the parameters of the test, write it without its offset, as that clock shows it. In SQL of your own, let the subquery return one row.",
    ],
    ER_VIEW_NO_EXPLAIN: ['hides the text of a view from this user', 'Grant SHOW VIEW on its schema.'],
  }),
  ...rulesOf('transient', {
    ENOENT: [
      'has no such socket file',
      'Check connectionArguments.unix_socket, and that the server runs on this host.',
    ],
    PROTOCOL_SEQUENCE_TIMEOUT: [
      'stopped answering in the middle of a statement',
      'Look at the load of the server, or raise connectionArguments.read_timeout (seconds).',
    ],
    PROTOCOL_CONNECTION_LOST: ['closed the connection', "The server's log tells why."],
    ER_QUERY_INTERRUPTED: ['interrupted the statement (KILL QUERY)', 'Ask who killed it, if it comes again.'],
    ER_CONNECTION_KILLED: ['killed the connection', 'Ask who killed it, if it comes again.'],
    ER_LOCK_WAIT_TIMEOUT: ['waited too long for a lock', 'Run when no ALTER TABLE is running.'],
    ER_LOCK_DEADLOCK: ['chose this statement in a deadlock', 'Run again.'],
    ER_SERVER_SHUTDOWN: ['is shutting down', 'Run again when it is up.'],
    ER_NORMAL_SHUTDOWN: ['is shutting down', 'Run again when it is up.'],
    ER_DISK_FULL: ['has a full disk', 'Make room in its tmpdir.'],
    ER_ERROR_ON_WRITE: ['could not write a file', 'Make room in its tmpdir.'],
    ER_ERROR_ON_READ: ['could not read a file', "Look at the server's disk and log."],
    ER_RECORD_FILE_FULL: ['has no room for a temporary table', 'Make room in its tmpdir, or raise tmp_table_size.'],
    ER_GET_ERRNO: ['met an error of its storage engine', "Look at the server's disk and log."],
    ER_OUTOFMEMORY: ['is out of memory', 'Run when the server has less to do.'],
    ER_OUT_OF_RESOURCES: ['is out of memory', 'Run when the server has less to do.'],
    ER_FILSORT_ABORT: ['ended a sort', "The server's log tells why."],
    ER_CHECKREAD: ['found a row changed while it was read', 'Run again.'],
    ER_TABLE_DEF_CHANGED: ['found the table changed while it was read', 'Run again.'],
    ER_CLIENT_INTERACTION_TIMEOUT: ['closed an idle connection', 'Raise wait_timeout.'],
  }),
  ...rulesOf('throttled', {
    ER_CON_COUNT_ERROR: [
      'has too many connections',
      'Let the recipe work on less at once (sourceConfig.config.threads of metadata, four connections each, one if no more are available; threadCount of the profiler, one each and one for the catalogue), or raise max_connections.',
    ],
    ER_TOO_MANY_USER_CONNECTIONS: [
      'has too many connections of this user',
      "Let the recipe work on less at once (sourceConfig.config.threads of metadata, four connections each, one if no more are available; threadCount of the profiler, one each and one for the catalogue), or raise the account's MAX_USER_CONNECTIONS.",
    ],
    ER_USER_LIMIT_REACHED: [
      "says that this account's hourly limit is reached",
      "Raise the account's limits (MAX_QUERIES_PER_HOUR, MAX_CONNECTIONS_PER_HOUR).",
    ],
  }),
  ...rulesOf('timeout', {
    ER_STATEMENT_TIMEOUT: [
      'ended the statement at its time limit',
      'Raise connectionArguments.read_timeout (seconds).',
    ],
    ER_QUERY_TIMEOUT: ['ended the statement at its time limit', 'Raise connectionArguments.read_timeout (seconds).'],
  }),
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

/** Without a rule, failures of the connection may pass; refused statements won't. */
const TABLE: ErrorTable = {
  engine: 'MySQL',
  rules: RULES,
  codeOf: (error) => {
    const code = codeOf(error);
    // one code is used for a limit on simultaneous connections and for several hourly limits: the message tells which
    const isConnections = code === 'ER_USER_LIMIT_REACHED' && error.message.includes('max_user_connections');
    return isConnections ? 'ER_TOO_MANY_USER_CONNECTIONS' : code;
  },
  isPassing: (error, code) => {
    const state = 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : '';
    return ('fatal' in error && error.fatal === true && !isDriversOwn(error, code)) || state.startsWith('08');
  },
};

const STATEMENT_TABLE: ErrorTable = {
  ...TABLE,
  codeOf: (error) => {
    const code = TABLE.codeOf(error);
    return LOG_IN_WORDS.test(code ?? '') ? REFUSED_STATEMENT : code;
  },
};

/**
 * Thrown by the driver's code over an answer that it can't read, which ends the connection; the next answer will be the
 * same. What the network or the server ends has a code.
 */
function isDriversOwn(error: Error, code: string | undefined): boolean {
  return code === undefined || error instanceof TypeError || error instanceof RangeError;
}

/**
 * A driver's or server's error as one of the tree.
 * @param place `host:port`, as the recipe has it.
 */
export function mysqlError(error: unknown, place: string): Error {
  return ingestionError(error, place, TABLE);
}

/**
 * The same of a statement in a session that is logged in: a view whose definer is gone is refused in the words of a
 * refused log-in, with the name of the user who reads it.
 */
export function statementError(error: unknown, place: string): Error {
  return ingestionError(error, place, STATEMENT_TABLE);
}

/** The name of a driver's or server's error code, MariaDB's own numbers included. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errno' in error && typeof error.errno === 'number') {
    const named = NAMES_BY_NUMBER[error.errno];
    if (named !== undefined) return named;
  }
  // said without a code of a connection that was lost before
  if (error instanceof Error && / in closed state$/.test(error.message)) return 'PROTOCOL_CONNECTION_LOST';
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  // alerts that come after the handshake: a client certificate that the server doesn't trust
  return /^(ERR_SSL_|ERR_TLS_)/.test(error.code) ? 'HANDSHAKE_SSL_ERROR' : error.code;
}
