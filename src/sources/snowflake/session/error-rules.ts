/** What the codes of Snowflake, of the driver and of the operating system mean for a run: one table. */
import type { DriverFault } from './driver-fault.js';

/**
 * Consequence of an error of Snowflake or the driver; `nothing runs` is permanent too, and says nothing of what the
 * statement reads.
 */
type Kind = 'authentication' | 'permanent' | 'transient' | 'nothing runs';

/** What one code means. */
export interface Rule {
  readonly kind: Kind;
  readonly message: string;
  readonly remedy?: string;
  /** The server's words say which object it is about, so they are kept. */
  readonly quote?: true;
}

const CHECK_LOGIN = 'Check username, password or key, and account in serviceConnection.config.';
const CHECK_TOKEN = 'Put a fresh token into connectionArguments.token.';
const CHECK_ACCOUNT = 'Check account: `organization-account`, or `locator.region` (without `.snowflakecomputing.com`).';

const WAREHOUSE_GONE: Rule = {
  kind: 'nothing runs',
  message: 'The warehouse was suspended, or is gone.',
  remedy: 'Check warehouse in the recipe, and resume it: ALTER WAREHOUSE … RESUME.',
  quote: true,
};

/** Key: the server's code without leading zeros, the driver's code, or the code of the operating system. */
const RULES: Readonly<Record<string, Rule>> = {
  // Login.
  390100: { kind: 'authentication', message: 'Snowflake refuses the user name or the password.', remedy: CHECK_LOGIN },
  390101: {
    kind: 'authentication',
    message: 'The Snowflake user is disabled or locked.',
    remedy: 'Ask an account administrator to enable it: ALTER USER … SET DISABLED = FALSE.',
  },
  390144: {
    kind: 'authentication',
    message: 'Snowflake refuses the key pair (the JWT is invalid).',
    remedy:
      'Check that the public key is set on this user (ALTER USER … SET RSA_PUBLIC_KEY), that account is spelled right, and the clock of this host.',
  },
  390186: {
    kind: 'permanent',
    message: 'The role of the recipe is not granted to the user.',
    remedy: 'Run GRANT ROLE … TO USER …, or change role in the recipe.',
  },
  390189: {
    kind: 'permanent',
    message: 'The role of the recipe does not exist or is not granted to the user.',
    remedy: 'Run GRANT ROLE … TO USER …, or change role in the recipe.',
  },
  390201: {
    kind: 'permanent',
    message: 'The warehouse, database or schema of the connection does not exist or may not be used.',
    remedy: 'Grant USAGE on it to the role, or correct its name in the recipe.',
    quote: true,
  },
  390303: { kind: 'authentication', message: 'Snowflake refuses the OAuth token.', remedy: CHECK_TOKEN },
  390318: { kind: 'authentication', message: 'The OAuth token has expired.', remedy: CHECK_TOKEN },
  390422: {
    kind: 'authentication',
    message: 'A network policy of the account or user refuses the address of this host.',
    remedy: 'Add the address of the worker to the network policy.',
  },
  390432: {
    kind: 'authentication',
    message: 'Programmatic access tokens need a network policy on the user.',
    remedy: 'Set a network policy on the user, or allow tokens without one in an authentication policy.',
  },
  250001: { kind: 'transient', message: 'The connection to Snowflake could not be made.' },
  251005: {
    kind: 'authentication',
    message: 'The connection has no user name.',
    remedy: 'Set username in serviceConnection.config.',
  },
  // sessions: a new connection fixes these
  390104: { kind: 'transient', message: 'The Snowflake session is no longer valid.' },
  390110: { kind: 'transient', message: 'The Snowflake session is no longer valid.' },
  390111: { kind: 'transient', message: 'The Snowflake session no longer exists.' },
  390112: { kind: 'transient', message: 'The Snowflake session has expired.' },
  390114: { kind: 'transient', message: 'The token of the Snowflake session has expired.' },
  390115: { kind: 'transient', message: 'The token of the Snowflake session has expired.' },
  390195: { kind: 'transient', message: 'The token of the Snowflake session is no longer valid.' },
  401004: { kind: 'transient', message: 'The Snowflake session is no longer valid.' },
  605: { kind: 'transient', message: 'The Snowflake session was ended by the server.' },
  // Statements.
  606: {
    kind: 'nothing runs',
    message: 'The session has no warehouse to run statements on.',
    remedy: 'Check warehouse in the recipe and run GRANT USAGE ON WAREHOUSE … TO ROLE ….',
  },
  609: WAREHOUSE_GONE,
  610: WAREHOUSE_GONE,
  2003: {
    kind: 'permanent',
    message: 'An object does not exist or the role may not see it.',
    remedy: 'Check its name, and grant the role USAGE on its database and schema.',
    quote: true,
  },
  2043: {
    kind: 'permanent',
    message: 'An object does not exist or the role may not use it.',
    remedy: 'Check its name, and grant the role USAGE on its database and schema.',
    quote: true,
  },
  3001: {
    kind: 'permanent',
    message: 'The role lacks a privilege.',
    remedy: 'Run `om-ingest check` with this recipe: it prints the missing grants.',
    quote: true,
  },
  3540: {
    kind: 'permanent',
    message: 'A shared database is no longer available.',
    remedy: 'Leave it out by databaseFilterPattern, or ask its provider.',
    quote: true,
  },
  666: {
    kind: 'nothing runs',
    message: 'The Snowflake account is suspended.',
    remedy: 'Ask the account administrator.',
  },
  90030: {
    kind: 'permanent',
    message: 'An INFORMATION_SCHEMA view returns too much data.',
    remedy: 'Select fewer schemas by schemaFilterPattern.',
  },
  90073: {
    kind: 'nothing runs',
    message: 'The warehouse cannot be resumed: its resource monitor has used up its quota.',
    remedy: 'Raise the quota or use another warehouse.',
  },
  603: { kind: 'transient', message: 'Snowflake met an internal error.', quote: true },
  604: { kind: 'transient', message: 'The statement was cancelled in Snowflake.' },
  630: {
    kind: 'transient',
    message: 'The statement ran into STATEMENT_TIMEOUT_IN_SECONDS.',
    remedy: 'Raise connectionArguments.network_timeout, or use a larger warehouse.',
  },
  // Driver and network.
  401003: { kind: 'transient', message: 'Snowflake answered something that is no JSON.' },
  405503: { kind: 'transient', message: 'The connection to Snowflake was closed.' },
  407001: { kind: 'transient', message: 'The connection to Snowflake is not open.' },
  407002: { kind: 'transient', message: 'The connection to Snowflake was closed.' },
  413001: {
    kind: 'permanent',
    message: 'The certificate of Snowflake could not be checked for revocation.',
    quote: true,
  },
  ENOTFOUND: { kind: 'permanent', message: 'The host of the Snowflake account is unknown.', remedy: CHECK_ACCOUNT },
  CERT_HAS_EXPIRED: {
    kind: 'permanent',
    message: 'The certificate of the server has expired.',
    remedy: 'Check the proxy between this host and Snowflake.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'permanent',
    message: 'The certificate of the server is not for this account’s host.',
    remedy: CHECK_ACCOUNT,
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    kind: 'permanent',
    message: 'The certificate of the server is not trusted here.',
    remedy: 'Give the proxy’s certificate by NODE_EXTRA_CA_CERTS.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    kind: 'permanent',
    message: 'The certificate of the server is not trusted here.',
    remedy: 'Give the proxy’s certificate by NODE_EXTRA_CA_CERTS.',
  },
};

/** By code; else by HTTP status; else by the group that the code belongs to. */
export function ruleFor(fault: DriverFault): Rule {
  const byCode = RULES[plainCode(fault)] ?? (fault.systemCode === undefined ? undefined : RULES[fault.systemCode]);
  if (byCode !== undefined) return byCode;
  if (fault.status !== undefined) return ruleForStatus(fault.status);
  // 404…: options the driver refuses before it connects; they name the option, never its value.
  if (/^404\d{3}$/.test(plainCode(fault)))
    return { kind: 'permanent', message: 'The driver refuses an option of the connection.', quote: true };
  if (/^(40[12]|412)\d{3}$/.test(plainCode(fault)) || fault.systemCode !== undefined) {
    return {
      kind: 'transient',
      message: `The connection to Snowflake was lost or could not be made${fault.systemCode === undefined ? '' : ` (${fault.systemCode})`}.`,
    };
  }
  if (/^39\d{4}$/.test(plainCode(fault)))
    return { kind: 'authentication', message: 'Snowflake refuses the login.', remedy: CHECK_LOGIN, quote: true };
  // lack of resources, actions of an operator, errors of the system
  if (/^(53|57|58)/.test(fault.sqlState ?? ''))
    return { kind: 'nothing runs', message: 'Snowflake runs no such statement now.', quote: true };
  return { kind: 'permanent', message: 'Snowflake refuses the statement.', quote: true };
}

function ruleForStatus(status: number): Rule {
  if (status === 403 || status === 404) {
    return {
      kind: 'permanent',
      message: `No Snowflake account answers at this address (HTTP ${status}).`,
      remedy: CHECK_ACCOUNT,
    };
  }
  return { kind: status === 400 ? 'permanent' : 'transient', message: `Snowflake answered HTTP ${status}.` };
}

/** The code without leading zeros, as the table has it. */
export function plainCode(fault: DriverFault): string {
  return (fault.code ?? '').replace(/^0+/, '');
}
