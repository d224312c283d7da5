import { ingestionError, rulesOf, type CodeRule, type ErrorTable } from '../common/code-rules.js';
import { NETWORK_RULES } from '../common/network-rules.js';
import { quoteIdentifier } from '../common/quoted-name.js';
import type { PostgresSettings } from './settings.js';

/** SQL states of the server, codes of Node, and names given here to what the driver only says in words. */
const RULES: Readonly<Record<string, CodeRule>> = {
  ...NETWORK_RULES,
  ...rulesOf('authentication', {
    '28P01': ['refused the user or password', 'Check username and authType.'],
    '28000': [
      'lets this user not in from here',
      "Check username, sslMode and sslConfig (client certificate), and the server's pg_hba.conf.",
    ],
    NO_PASSWORD: ['asks for a password', 'Set authType.password.'],
  }),
  ...rulesOf('permanent', {
    '3D000': ['has no such database', 'Check database and its upper and lower case.'],
    '55000': ['refuses that in its present state', 'Put right what the message names.'],
    NO_DATA: ['has a materialized view without data', 'Run REFRESH MATERIALIZED VIEW, or leave it out by a filter.'],
    NOT_LOADED: ['has not loaded it', 'Put pg_stat_statements into shared_preload_libraries and restart the server.'],
    NO_TLS: [
      'has no TLS, but the recipe asks for it',
      'Switch TLS on in the server, or set sslMode to disable or prefer.',
    ],
    PROTOCOL: ['sent what its protocol does not allow', 'Look what answers at hostPort.'],
    TLS: [
      'failed the TLS handshake',
      'Check sslConfig.caCertificate (the authority that signed the certificate), the validity of both certificates, and that hostPort has the name that the certificate was made for.',
    ],
  }),
  ...rulesOf('transient', {
    '57014': ['cancelled the statement', 'Ask who cancelled it, if it comes again.'],
    CONNECT_TIMEOUT: [
      'does not answer',
      'Check hostPort and firewalls; raise connectionArguments.connect_timeout (seconds) for a slow one.',
    ],
    LOST: ['closed the connection', "See the server's log if it comes again."],
    '55P03': ['waited too long for a lock', 'Run when no ALTER TABLE is running.'],
    '40P01': ['chose this statement in a deadlock', 'Run again.'],
    '40001': [
      'ended the statement for replication',
      'Raise max_standby_streaming_delay on the replica, or read the primary.',
    ],
    '57P01': ['ended the connection', 'Run again when it is up.'],
    '57P02': ['crashed', "See the server's log."],
    '57P03': ['is starting or stopping', 'Run again when it is up.'],
    '53100': ['has a full disk', 'Make room on it.'],
    '53200': ['is out of memory', 'Lower sourceConfig.config.threads.'],
  }),
  ...rulesOf('timeout', {
    STATEMENT_TIMEOUT: ['ended the statement at its time limit', 'Run when the server has less to do.'],
    STALLED: ['does not answer', 'Check the server and the way to it.'],
  }),
  ...rulesOf('throttled', {
    '53300': [
      'has no free connection',
      'Lower sourceConfig.config.threads, or raise max_connections, the connection limit of the user, or of a pooler between (max_client_conn).',
    ],
  }),
};

/** What the driver says without a code. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL connections/, 'NO_TLS'],
  [/certificate|SSL routines|Hostname\/IP does not match|SSL connection/i, 'TLS'],
  [/SASL|password must be a string/, 'NO_PASSWORD'],
  [/no more connections allowed/, '53300'],
  [/timeout expired|timeout exceeded/, 'CONNECT_TIMEOUT'],
  [/Connection terminated|Client has encountered a connection error|not queryable/, 'LOST'],
];

const TABLE: ErrorTable = {
  engine: 'PostgreSQL',
  rules: RULES,
  codeOf,
  // connection exceptions, lack of resources, and actions of an operator
  isPassing: (_error, code) => /^(08|53|57P|58)/.test(code ?? ''),
};

/**
 * A driver's or server's error as one of the tree. A right that is missing comes with its GRANT, as a check has it.
 * @param sql the statement that failed, which knows a table's schema
 */
export function postgresError(error: unknown, { place, user }: PostgresSettings, sql = ''): Error {
  const right = error instanceof Error ? missingRight(error.message, sql) : undefined;
  const remedy = right === undefined ? ANY_RIGHT : `GRANT ${right} TO ${quoteIdentifier(user)};`;
  // a function may raise what a refused log-in has, of another server that it asks: this session goes on
  const raised = sql !== '' && isRefusal(error) ? { '28P01': RAISED, '28000': RAISED } : {};
  const own = rulesOf('permanent', { '42501': ['gives this user no right', remedy], ...raised });
  return ingestionError(error, place, { ...TABLE, rules: { ...RULES, ...own } });
}

const RAISED = ['refused a statement of a session that is logged in', 'Put right what the message names.'] as const;

/** Where the right is of another kind, the owner of a view lacks it, or the server speaks another language. */
const ANY_RIGHT = 'Grant the right on what the message names; on what a view reads, the owner of the view needs it.';

/** The server names what a right is on without quotes, and a table without its schema. */
function missingRight(message: string, sql: string): string | undefined {
  const named = /^permission denied for (database|schema|(?:foreign |materialized )?(?:table|view)) (.+)$/s;
  const [, kind, name = ''] = named.exec(message) ?? [];
  if (kind === 'database') return `CONNECT ON DATABASE ${quoteIdentifier(name.replace(/^"(.*)"$/s, '$1'))}`;
  if (kind === 'schema') return `USAGE ON SCHEMA ${quoteIdentifier(name)}`;
  const ends = `.${quoteIdentifier(name)}`;
  const path = sql.match(/"(?:[^"]|"")+"\."(?:[^"]|"")+"(?!\.)/g)?.find((each) => each.endsWith(ends));
  return path === undefined ? undefined : `SELECT ON ${path}`;
}

/** The SQL state or Node's code, or this file's name for the message. */
export function codeOf(error: Error): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === '57014' && /statement timeout/.test(error.message)) return 'STATEMENT_TIMEOUT';
  if (code === '55000') return prerequisiteOf(error);
  if (code !== undefined && Object.hasOwn(RULES, code)) return code;
  if (/^(ERR_SSL_|ERR_TLS_)/.test(code ?? '')) return 'TLS';
  return isRefusal(error) ? code : (WORDS.find(([words]) => words.test(error.message))?.[1] ?? code);
}

/** One SQL state for everything that is not ready; a hint has its commands in every language. */
function prerequisiteOf(error: Error): string {
  const text = `${error.message} ${'hint' in error ? String(error.hint) : ''}`;
  if (/REFRESH MATERIALIZED VIEW|has not been populated/.test(text)) return 'NO_DATA';
  return text.includes('shared_preload_libraries') ? 'NOT_LOADED' : '55000';
}

/** The server answered the statement with an error: the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'severity' in error && error.severity === 'ERROR';
}
