import type { SignerConfig } from '@aws-sdk/rds-signer';
import { AuthenticationError } from '../../errors/index.js';
import type { AwsCredentials } from './config-parts.js';

export interface RdsTokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly aws: AwsCredentials;
}

type Credentials = NonNullable<SignerConfig['credentials']>;

/**
 * An IAM token for RDS and Aurora, used as a password within 15 minutes: create one for each connection. Keys come from
 * awsConfig (its keys, else its profile, else the SDK's own chain: variables, profiles, roles of machines and
 * containers), then from the role in assumeRoleArn, if any.
 * @throws AuthenticationError when there are no keys, or the role may not be assumed
 */
export async function rdsToken({ host, port, user, aws }: RdsTokenRequest): Promise<string> {
  try {
    const { Signer } = await import('@aws-sdk/rds-signer');
    const credentials = await credentialsOf(aws);
    const signer = new Signer({
      hostname: host,
      port,
      username: user,
      region: aws.awsRegion,
      ...(credentials === undefined ? {} : { credentials }),
    });
    return await signer.getAuthToken();
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new AuthenticationError(`AWS gives no IAM token for ${user} at ${host}:${port}: ${said}.`, {
      where: 'source.serviceConnection.config.authType.awsConfig',
      remedy:
        'Set awsAccessKeyId and awsSecretAccessKey, or profileName, or give every worker an AWS identity; with assumeRoleArn it needs sts:AssumeRole on that role.',
    });
  }
}

/** undefined: the SDK's own chain. */
async function credentialsOf(aws: AwsCredentials): Promise<Credentials | undefined> {
  const own = await ownCredentials(aws);
  if (aws.assumeRoleArn === undefined) return own;
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    ...(own === undefined ? {} : { masterCredentials: own }),
    params: {
      RoleArn: aws.assumeRoleArn,
      RoleSessionName: aws.assumeRoleSessionName,
      ...(aws.assumeRoleSourceIdentity === undefined ? {} : { SourceIdentity: aws.assumeRoleSourceIdentity }),
    },
    clientConfig: {
      region: aws.awsRegion,
      ...(aws.endPointURL === undefined ? {} : { endpoint: aws.endPointURL }),
    },
  });
}

async function ownCredentials(aws: AwsCredentials): Promise<Credentials | undefined> {
  const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey, awsSessionToken: sessionToken } = aws;
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  if (aws.profileName === undefined) return undefined;
  const { fromIni } = await import('@aws-sdk/credential-providers');
  return fromIni({ profile: aws.profileName });
}
