import { z } from 'zod';
import { isCloudSqlInstance, type CloudSqlPlaces, type CloudSqlWay } from './cloud-sql.js';
import type { CloudSqlIpType } from './cloud-sql-instance.js';
import { splitHostPort } from './host-port.js';
import { isGoogleIam, loginConfig, loginWay, type LoginConfig } from './login-way.js';

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/**
 * Half an hour: catalogue statements take seconds even for 100,000 tables; it bounds what a killed worker leaves
 * running.
 */
export const DEFAULT_STATEMENT_TIMEOUT_MS = 1_800_000;

/**
 * The keys of a connection to a server by user, host and port.
 * @param scheme of the URLs that users may write by mistake: `mysql`
 * @param pattern what hostPort may be
 */
export function serverKeys(
  scheme: string,
  port: number,
  pattern: RegExp
): { username: z.ZodString; authType: z.ZodExactOptional<typeof loginConfig>; hostPort: z.ZodString } {
  const error = `is not host:port, for example \`localhost:${port}\` (no \`${scheme}://\`, no user, no path).`;
  return {
    username: z.string().min(1).describe('User of the database.'),
    authType: z.exactOptional(loginConfig),
    hostPort: z.string().regex(pattern, { error }).describe(`host:port, for example localhost:${port}.`),
  };
}

/** Where a server is and how to log in, made of a recipe's config. */
export interface ServerLogin extends CloudSqlWay {
  readonly host: string;
  readonly port: number;
  /** hostPort names an instance of Cloud SQL: the connection runs inside one that is safe already. */
  readonly isInstance: boolean;
  /** By the name that the server knows. */
  readonly user: string;
  readonly connectTimeoutMs: number;
}

/** @throws PermanentError for what does not go together */
export function serverLogin(
  config: { readonly hostPort: string; readonly username: string; readonly authType?: LoginConfig },
  { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, ipType }: { connectTimeoutMs?: number; ipType?: CloudSqlIpType },
  engine: {
    readonly port: number;
    /** What the server makes of an account's name. */ iamUser(account: string): string;
  },
  google: CloudSqlPlaces | undefined
): ServerLogin {
  const { hostPort, username, authType: auth } = config;
  const place = splitHostPort(hostPort, engine.port);
  const request = { auth, hostPort, ...place, username, connectTimeoutMs };
  return {
    ...loginWay({ ...request, ...(ipType === undefined ? {} : { ipType }) }, google),
    ...place,
    isInstance: isCloudSqlInstance(hostPort),
    user: isGoogleIam(auth) ? engine.iamUser(username) : username,
    connectTimeoutMs,
  };
}
