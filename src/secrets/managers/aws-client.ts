import type { IngestionError } from '../../errors/index.js';
import { unresolved } from '../secret-source.js';
import type { LoaderSettings } from './loader-settings.js';
import { codeOf, lookupFailure, networkFault, saidBy, type LookupFault } from './lookup-failure.js';

/** What both AWS managers need. */
export interface AwsClientConfig {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint?: string;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** For tests: where the managers are, instead of AWS. */
export interface AwsOverrides {
  readonly endpoint?: string;
}

const REGION = { env: 'AWS_DEFAULT_REGION', airflow: 'AWS_REGION' };

/**
 * Region and keys as the loader gives them; what it doesn't give is left to the SDK's own chain (AWS_REGION, profiles,
 * roles of containers and machines).
 */
export function awsClientConfig(settings: LoaderSettings, overrides: AwsOverrides = {}): AwsClientConfig {
  // the Python SDK's own name for the region, which the JavaScript one doesn't read
  const region = settings.value(REGION) ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const [accessKeyId, secretAccessKey] =
    settings.together({ airflow: 'AWS_ACCESS_KEY_ID' }, { airflow: 'AWS_SECRET_ACCESS_KEY' }) ?? [];
  return {
    ...(region === undefined ? {} : { region }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
    ...overrides,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 },
  };
}

/** The region that a client works in. @throws RecipeError when nothing names one */
export async function regionOf(
  client: { readonly config: { readonly region: () => Promise<string> } },
  settings: LoaderSettings
): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    const said = saidBy(error);
    if (!/region is missing/i.test(said))
      throw unresolved(
        `the AWS region of the secrets can't be used (${said}). Correct ${settings.nameOf(REGION) ?? 'AWS_REGION'} in the environment of every worker.`
      );
    throw unresolved(
      `nothing tells in which AWS region the secrets are. Set ${settings.nameOf(REGION) ?? 'AWS_REGION'} in the environment of every worker.`
    );
  }
}

const FAULTS: Readonly<Record<string, LookupFault>> = {
  CredentialsProviderError: 'login',
  UnrecognizedClientException: 'login',
  InvalidClientTokenId: 'login',
  InvalidSignatureException: 'login',
  SignatureDoesNotMatch: 'login',
  ExpiredTokenException: 'login',
  ExpiredToken: 'login',
  AuthFailure: 'login',
  AccessDeniedException: 'permission',
  AccessDenied: 'permission',
  DecryptionFailure: 'permission',
  ResourceNotFoundException: 'absent',
  ParameterNotFound: 'absent',
  ParameterVersionNotFound: 'absent',
  ValidationException: 'id',
  InvalidParameterException: 'id',
  ThrottlingException: 'transient',
  TooManyRequestsException: 'transient',
  InternalServiceError: 'transient',
  InternalServerError: 'transient',
  InternalFailure: 'transient',
  ServiceUnavailable: 'transient',
  TimeoutError: 'transient',
  AbortError: 'transient',
};

/** An error of the AWS SDK as one of the tree. */
export function awsFailure(
  error: unknown,
  lookup: { readonly id: string; readonly place: string; readonly right: string }
): IngestionError {
  const name = error instanceof Error ? error.name : '';
  const said = saidBy(error);
  return lookupFailure({
    ...lookup,
    fault: (Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined) ?? networkFault(error) ?? 'other',
    said: name === '' || name === 'Error' || said.includes(name) ? (codeOf(error) ?? said) : `${name}: ${said}`,
    identity:
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of its machine or container (the SDK's own chain)",
    settings: 'the region, and the account that the identity of the worker belongs to',
  });
}
