import { z } from 'zod';
import { secretLeaf } from '../../secrets/index.js';
import { azureTokens } from './azure-token.js';
import { cloudSql, refuseInstanceName, type CloudSqlPlaces, type CloudSqlWay } from './cloud-sql.js';
import type { CloudSqlIpType } from './cloud-sql-instance.js';
import { awsCredentials, azureCredentials, gcpCredentials } from './config-parts.js';
import { rdsToken } from './rds-token.js';

/**
 * How to log in. One object for the four ways the recipe knows: `{password}`, `{awsConfig}` (RDS IAM), `{azureConfig}`
 * and `{password, enableIamAuth, gcpConfig}` (Cloud SQL).
 */
export const loginConfig = z
  .strictObject({
    password: z.exactOptional(secretLeaf('Password of the user.')),
    awsConfig: z.exactOptional(awsCredentials).describe('RDS IAM: a fresh token for each connection.'),
    azureConfig: z.exactOptional(azureCredentials).describe('Azure: an Entra ID token as password.'),
    gcpConfig: z
      .exactOptional(gcpCredentials)
      .describe('Cloud SQL: hostPort is project:region:instance; with enableIamAuth also host:port.'),
    // no default: otherwise a server would take `{password, enableIamAuth: false}` for Cloud SQL's way
    enableIamAuth: z.exactOptional(z.boolean()).describe('Cloud SQL: an access token of IAM instead of a password.'),
  })
  .superRefine((auth, context) => {
    const ways = (['password', 'awsConfig', 'azureConfig', 'gcpConfig'] as const).filter(
      (key) => auth[key] !== undefined && !(key === 'password' && auth.gcpConfig !== undefined)
    );
    if (ways.length > 1) {
      context.addIssue({
        code: 'custom',
        message: `names ${ways.length} ways to log in (${ways.join(', ')}). Keep one of password, awsConfig, azureConfig, or gcpConfig with a password.`,
      });
    }
  })
  .meta({
    title: 'authType',
    description:
      'How to log in: `{password}`, `{awsConfig}` for RDS IAM, `{azureConfig}` for Azure, `{gcpConfig, enableIamAuth}` or `{gcpConfig, password}` for Cloud SQL.',
  });

export type LoginConfig = z.infer<typeof loginConfig>;

export interface LoginRequest {
  readonly auth: LoginConfig | undefined;
  /** As the recipe has it: an instance of Cloud SQL, or what `host` and `port` are of. */
  readonly hostPort: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly ipType?: CloudSqlIpType;
  readonly connectTimeoutMs: number;
}

/** Whether a Google IAM token replaces the password. */
export function isGoogleIam(auth: LoginConfig | undefined): boolean {
  return auth?.gcpConfig !== undefined && auth.enableIamAuth === true;
}

/** Whether a token replaces the password: tokens are only sent over TLS. */
export function usesToken(auth: LoginConfig | undefined): boolean {
  return auth?.awsConfig !== undefined || auth?.azureConfig !== undefined || isGoogleIam(auth);
}

/**
 * Where each connection's token comes from (none: the password is used), and a connection that is open already.
 * @throws PermanentError for what does not go together
 */
export function loginWay(request: LoginRequest, google: CloudSqlPlaces | undefined): CloudSqlWay {
  const { auth, hostPort, host, port, username, ipType, connectTimeoutMs } = request;
  if (auth?.gcpConfig !== undefined) {
    const asked = { hostPort, gcp: auth.gcpConfig, iam: isGoogleIam(auth), connectTimeoutMs };
    return cloudSql({ ...asked, ...(ipType === undefined ? {} : { ipType }) }, google);
  }
  refuseInstanceName(hostPort);
  if (auth?.awsConfig !== undefined) {
    const aws = auth.awsConfig;
    return { token: () => rdsToken({ host, port, user: username, aws }) };
  }
  return auth?.azureConfig === undefined ? {} : { token: azureTokens(auth.azureConfig) };
}
