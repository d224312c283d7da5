import { AuthenticationError, PermanentError } from '../../../errors/index.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import type { DriverOptions } from './driver.js';
import { readPrivateKey } from './key-pair.js';

/** Seconds, like the Python connector's arguments of the same names. */
const DEFAULT_LOGIN_TIMEOUT = 60;
const DEFAULT_NETWORK_TIMEOUT = 600;
/** So that a login that can't succeed fails within the login time; the driver's own default is 7. */
const LOGIN_RETRIES = 3;

/** Rows the driver makes ready before they are asked for; its default of 10 means many small steps. */
const ROWS_AHEAD = 200;

/** Everything an opened session depends on, made once from the recipe's config. */
export interface ConnectionPlan {
  readonly driver: DriverOptions;
  /** Milliseconds until a login without an answer is given up. */
  readonly loginTimeout: number;
  /** Milliseconds without an answer to a statement, or without a next row, until the connection is given up. */
  readonly networkTimeout: number;
  /** Parameters to be set at the start of the session. */
  readonly sessionParameters: Readonly<Record<string, string | number | boolean>>;
  /** Arguments that mean nothing to this driver: named to the user, not sent. */
  readonly ignored: readonly string[];
}

/**
 * Arguments passed on to the driver, by the names the Python connector and recipes use. Its camel-case names are
 * accepted as well.
 */
const DRIVER_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['authenticator', 'authenticator'],
  ['token', 'token'],
  ['token_file_path', 'tokenFilePath'],
  ['private_key_file', 'privateKeyPath'],
  ['private_key_file_pwd', 'privateKeyPass'],
  ['passcode', 'passcode'],
  ['passcode_in_password', 'passcodeInPassword'],
  ['oauth_client_id', 'oauthClientId'],
  ['oauth_client_secret', 'oauthClientSecret'],
  ['oauth_token_request_url', 'oauthTokenRequestUrl'],
  ['oauth_scope', 'oauthScope'],
  ['workload_identity_provider', 'workloadIdentityProvider'],
  ['client_session_keep_alive', 'clientSessionKeepAlive'],
  ['client_session_keep_alive_heartbeat_frequency', 'clientSessionKeepAliveHeartbeatFrequency'],
  ['proxy_host', 'proxyHost'],
  ['proxy_port', 'proxyPort'],
  ['proxy_user', 'proxyUser'],
  ['proxy_password', 'proxyPassword'],
  ['proxy_protocol', 'proxyProtocol'],
  ['no_proxy', 'noProxy'],
  ['region', 'region'],
  ['role', 'role'],
  ['warehouse', 'warehouse'],
  ['sf_retry_max_login_retries', 'sfRetryMaxLoginRetries'],
]);

/** Arguments read here, not by the driver. */
const OWN_ARGUMENTS = new Set(['host', 'port', 'protocol', 'login_timeout', 'network_timeout', 'session_parameters']);

/**
 * @throws AuthenticationError when there is nothing to log in with, or a way of logging in that needs a person
 * @throws PermanentError for an argument of the wrong type
 */
export function planConnection(config: SnowflakeConnectionConfig): ConnectionPlan {
  // The URL's options and the driver's arguments mean the same things; arguments win.
  const given = new Map(
    Object.entries({ ...config.connectionOptions, ...config.connectionArguments })
      .map(([name, value]) => [toSnakeCase(name), value] as const)
      // an empty string is what an unset variable with an empty default leaves: treated as absent
      .filter(([, value]) => value !== '' && value !== null && value !== undefined)
  );
  const passedOn = Object.fromEntries(
    [...given].flatMap(([name, value]) => {
      const option = DRIVER_ARGUMENTS.get(name);
      return option === undefined ? [] : [[option, plainValue(name, value)] as const];
    })
  );
  return {
    driver: {
      account: config.account,
      username: config.username,
      warehouse: config.warehouse,
      ...(config.role === undefined ? {} : { role: config.role }),
      application: 'openmetadata-temporal-ingestion',
      clientSessionKeepAlive: config.clientSessionKeepAlive,
      sfRetryMaxLoginRetries: LOGIN_RETRIES,
      // One chunk ahead: more would only fill memory, since rows are processed more slowly than they arrive.
      resultPrefetch: 1,
      rowStreamHighWaterMark: ROWS_AHEAD,
      ...accessUrl(given),
      ...passedOn,
      ...credentials(config, passedOn),
    },
    loginTimeout: seconds(given, 'login_timeout', DEFAULT_LOGIN_TIMEOUT),
    networkTimeout: seconds(given, 'network_timeout', DEFAULT_NETWORK_TIMEOUT),
    sessionParameters: sessionParameters(given.get('session_parameters')),
    ignored: [...given.keys()].filter((name) => !DRIVER_ARGUMENTS.has(name) && !OWN_ARGUMENTS.has(name)),
  };
}

/** Each part of the URL must be what its name says, or the URL would lead elsewhere. */
function part(given: ReadonlyMap<string, unknown>, name: string, form: RegExp, allowed: string): string | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const text = String(plainValue(name, value));
  if (form.test(text)) return text;
  throw new PermanentError(`connectionArguments.${name} must be ${allowed}.`, {
    where: `source.serviceConnection.config.connectionArguments.${name}`,
  });
}

function accessUrl(given: ReadonlyMap<string, unknown>): { accessUrl?: string } {
  if (!given.has('host')) return {};
  const protocol = part(given, 'protocol', /^https?$/i, 'http or https') ?? 'https';
  const port = part(given, 'port', /^\d{1,5}$/, 'a number');
  const name = part(given, 'host', /^[\w.-]+$/, 'a host name without port and path') ?? '';
  return { accessUrl: `${protocol}://${name}${port === undefined ? '' : `:${port}`}` };
}

const NEEDS_A_PERSON = new Set(['EXTERNALBROWSER', 'OAUTH_AUTHORIZATION_CODE']);

function credentials(config: SnowflakeConnectionConfig, passedOn: DriverOptions): DriverOptions {
  const { password, privateKey } = config;
  const authenticator =
    passedOn['authenticator'] === undefined ? undefined : String(passedOn['authenticator']).toUpperCase();
  if (authenticator !== undefined && NEEDS_A_PERSON.has(authenticator)) {
    throw new AuthenticationError(`authenticator ${authenticator} opens a browser, which a worker does not have.`, {
      where: 'source.serviceConnection.config.connectionArguments.authenticator',
      remedy: 'Use a key pair (privateKey), a programmatic access token or OAUTH with a token.',
    });
  }
  if (privateKey !== undefined) {
    return {
      authenticator: 'SNOWFLAKE_JWT',
      privateKey: readPrivateKey(privateKey, config.snowflakePrivatekeyPassphrase),
    };
  }
  const named = namedAuthenticator(passedOn, authenticator);
  if (named !== undefined) return { authenticator: named, ...(password === undefined ? {} : { password }) };
  if (password === undefined) {
    throw new AuthenticationError('The Snowflake connection has nothing to log in with.', {
      where: 'source.serviceConnection.config',
      remedy: 'Set privateKey, password, or connectionArguments.token with connectionArguments.authenticator.',
    });
  }
  return { password };
}

function namedAuthenticator(passedOn: DriverOptions, authenticator: string | undefined): string | undefined {
  // An Okta address is case-sensitive in its path.
  if (authenticator?.startsWith('HTTPS://')) return String(passedOn['authenticator']);
  if (authenticator !== undefined) return authenticator;
  if (passedOn['token'] !== undefined || passedOn['tokenFilePath'] !== undefined) return 'OAUTH';
  return passedOn['privateKeyPath'] === undefined ? undefined : 'SNOWFLAKE_JWT';
}

function seconds(given: ReadonlyMap<string, unknown>, name: string, byDefault: number): number {
  const value = Number(given.get(name) ?? byDefault);
  if (Number.isFinite(value) && value > 0) return value * 1000;
  throw new PermanentError(`connectionArguments.${name} must be a number of seconds above 0.`, {
    where: `source.serviceConnection.config.connectionArguments.${name}`,
  });
}

function sessionParameters(value: unknown): Record<string, string | number | boolean> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PermanentError('connectionArguments.session_parameters must be a map of parameter names to values.');
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name.toUpperCase(), plainValue(name, entry)])
  );
}

function plainValue(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new PermanentError(`connectionArguments.${name} must be a string, a number or a boolean.`, {
    where: `source.serviceConnection.config.connectionArguments.${name}`,
  });
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
