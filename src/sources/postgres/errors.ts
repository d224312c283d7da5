import { IngestionError, PermanentError, TransientError } from '../../errors/index.js';
import { errorOf, sentence, type CodeRule } from '../common/code-rules.js';
import { NETWORK_RULES } from '../common/network-rules.js';
import { certificateError } from '../common/tls-error.js';

/** SQL states of the server, codes of Node, and names given here to what the driver only says in words. */
const RULES: Readonly<Record<string, CodeRule>> = {
  ...NETWORK_RULES,
  '28P01': {
    consequence: 'authentication',
    meaning: 'refused the user or password',
    remedy: 'Check username and authType.',
  },
  '28000': {
    consequence: 'authentication',
    meaning: 'lets this user not in from here',
    remedy: "Check username, sslMode and sslConfig (client certificate), and the server's pg_hba.conf.",
  },
  NO_PASSWORD: {
    consequence: 'authentication',
    meaning: 'asks for a password',
    remedy: 'Set authType.password.',
  },
  '3D000': {
    consequence: 'permanent',
    meaning: 'has no such database',
    remedy: 'Check database and its upper and lower case.',
  },
  '42501': {
    consequence: 'permanent',
    meaning: 'gives this user no right',
    remedy: 'Grant CONNECT on the database, USAGE on the schema, SELECT on the table that the message names.',
  },
  '55000': {
    consequence: 'permanent',
    meaning: 'can do that not as it is set up',
    remedy: 'See the message; pg_stat_statements must be in shared_preload_libraries.',
  },
  NO_TLS: {
    consequence: 'permanent',
    meaning: 'has no TLS, but the recipe asks for it',
    remedy: 'Switch TLS on in the server, or set sslMode to disable or prefer.',
  },
  TLS: {
    consequence: 'permanent',
    meaning: 'failed the TLS handshake',
    remedy:
      'Check sslConfig.caCertificate (the authority that signed the certificate), the validity of both certificates, and that hostPort has the name that the certificate was made for.',
  },
  '57014': {
    consequence: 'transient',
    meaning: 'cancelled the statement',
    remedy: 'Ask who cancelled it, if it comes again.',
  },
  STATEMENT_TIMEOUT: {
    consequence: 'timeout',
    meaning: 'ended the statement at its time limit',
    remedy: 'Run when the server has less to do.',
  },
  STALLED: { consequence: 'timeout', meaning: 'does not answer', remedy: 'Check the server and the way to it.' },
  CONNECT_TIMEOUT: {
    consequence: 'transient',
    meaning: 'does not answer',
    remedy: 'Check hostPort and firewalls; raise connectionArguments.connect_timeout (seconds) for a slow one.',
  },
  LOST: {
    consequence: 'transient',
    meaning: 'closed the connection',
    remedy: "See the server's log if it comes again.",
  },
  '53300': {
    consequence: 'throttled',
    meaning: 'has no free connection',
    remedy: 'Lower sourceConfig.config.threads, or raise max_connections or the connection limit of the user.',
  },
  '55P03': {
    consequence: 'transient',
    meaning: 'waited too long for a lock',
    remedy: 'Run when no ALTER TABLE is running.',
  },
  '40P01': { consequence: 'transient', meaning: 'chose this statement in a deadlock', remedy: 'Run again.' },
  '40001': {
    consequence: 'transient',
    meaning: 'ended the statement for replication',
    remedy: 'Raise max_standby_streaming_delay on the replica, or read the primary.',
  },
  '57P01': { consequence: 'transient', meaning: 'ended the connection', remedy: 'Run again when it is up.' },
  '57P02': { consequence: 'transient', meaning: 'crashed', remedy: "See the server's log." },
  '57P03': { consequence: 'transient', meaning: 'is starting or stopping', remedy: 'Run again when it is up.' },
  '53100': { consequence: 'transient', meaning: 'has a full disk', remedy: 'Make room on it.' },
  '53200': { consequence: 'transient', meaning: 'is out of memory', remedy: 'Lower sourceConfig.config.threads.' },
};

/** The codes the table knows, for the tests and the documentation. */
export const KNOWN_CODES: readonly string[] = Object.keys(RULES);

/** What the driver says without a code. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL connections/, 'NO_TLS'],
  [/certificate|SSL routines|Hostname\/IP does not match|SSL connection/i, 'TLS'],
  [/SASL|password must be a string/, 'NO_PASSWORD'],
  [/timeout expired|timeout exceeded/, 'CONNECT_TIMEOUT'],
  [/Connection terminated|Client has encountered a connection error|not queryable/, 'LOST'],
];

/**
 * A driver's or server's error as one of the tree. Errors of the tree pass unchanged.
 * @param place `host:port`, as the recipe has it.
 */
export function postgresError(error: unknown, place: string): Error {
  if (error instanceof IngestionError) return error;
  const who = `PostgreSQL at ${place}`;
  if (!(error instanceof Error)) return new PermanentError(`${who} failed: ${String(error)}`);
  // for a host with several addresses, each of which failed
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return postgresError(error.errors[0], place);
  const untrusted = certificateError(error, who);
  if (untrusted !== undefined) return untrusted;
  const code = codeOf(error);
  const rule = code === undefined || !Object.hasOwn(RULES, code) ? undefined : RULES[code];
  if (rule !== undefined) return errorOf(rule, who, error);
  const message = `${who} failed${code === undefined ? '' : ` (${code})`}: ${sentence(error)}`;
  // connection exceptions, lack of resources, and actions of an operator
  return /^(08|53|57P|58)/.test(code ?? '') ? new TransientError(message) : new PermanentError(message);
}

/** The SQL state or Node's code, or this file's name for the message. */
export function codeOf(error: Error): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === '57014' && /statement timeout/.test(error.message)) return 'STATEMENT_TIMEOUT';
  if (code !== undefined && Object.hasOwn(RULES, code)) return code;
  if (/^(ERR_SSL_|ERR_TLS_)/.test(code ?? '')) return 'TLS';
  if (isRefusal(error)) return code;
  return WORDS.find(([words]) => words.test(error.message))?.[1] ?? code;
}

/** The server answered the statement with an error: the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return error.severity === 'ERROR';
}
