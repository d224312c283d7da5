import { createHash, createHmac } from 'node:crypto';
import { PermanentError } from '../../errors/index.js';
import type { AwsCredentials } from './config-parts.js';

export interface RdsTokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly aws: AwsCredentials;
  /** Of the signature; now when absent. */
  readonly at?: Date;
  /** Where keys come from that the recipe doesn't give; the worker's environment when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Seconds a token may be used to log in; RDS allows no more. */
const TOKEN_SECONDS = 900;
const EMPTY_BODY_SHA256 = createHash('sha256').digest('hex');

/**
 * An IAM token for RDS and Aurora: a presigned `connect` URL (AWS Signature Version 4, service rds-db) without its scheme, used as password.
 * Keys come from awsConfig, else from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
 * @throws PermanentError when there are no keys, or a profile or role is asked for.
 */
export function rdsToken({
  host,
  port,
  user,
  aws,
  at = new Date(),
  environment = process.env,
}: RdsTokenRequest): string {
  const { accessKeyId, secretAccessKey, sessionToken } = keysOf(aws, environment);
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const scope = `${date}/${aws.awsRegion}/rds-db/aws4_request`;
  const query = Object.entries({
    Action: 'connect',
    DBUser: user,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(TOKEN_SECONDS),
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([key, value]) => `${key}=${percentEncode(value)}`)
    .join('&');
  const request = ['GET', '/', query, `host:${host}:${port}`, '', 'host', EMPTY_BODY_SHA256].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const signingKey = [date, aws.awsRegion, 'rds-db', 'aws4_request'].reduce<string | Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secretAccessKey}`
  );
  return `${host}:${port}/?${query}&X-Amz-Signature=${createHmac('sha256', signingKey).update(toSign).digest('hex')}`;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

function keysOf(aws: AwsCredentials, environment: Readonly<Record<string, string | undefined>>): Keys {
  const where = 'source.serviceConnection.config.authType.awsConfig';
  if (aws.assumeRoleArn !== undefined || aws.profileName !== undefined) {
    throw new PermanentError('awsConfig.assumeRoleArn and profileName are not supported by this version.', {
      where,
      remedy:
        "Give awsAccessKeyId and awsSecretAccessKey, or put temporary keys of the role into the worker's AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.",
    });
  }
  if (aws.awsAccessKeyId !== undefined && aws.awsSecretAccessKey !== undefined) {
    return {
      accessKeyId: aws.awsAccessKeyId,
      secretAccessKey: aws.awsSecretAccessKey,
      sessionToken: aws.awsSessionToken,
    };
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new PermanentError('There are no AWS keys to sign the IAM token with.', {
      where,
      remedy:
        'Set awsAccessKeyId and awsSecretAccessKey, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY on the worker.',
    });
  }
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] };
}

/** RFC 3986, as Signature Version 4 wants it. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
