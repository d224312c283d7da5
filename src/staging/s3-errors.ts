import {
  AuthenticationError,
  IngestionError,
  PermanentError,
  TransientError,
  type ErrorFacts,
} from '../errors/index.js';

/** What the AWS SDK says about an error, if anything. */
interface S3Fault {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'AuthorizationHeaderMalformed',
]);
const RIGHTS = new Set(['AccessDenied', 'AllAccessDisabled', 'AccountProblem']);
/** Refused for now: later the conflict may be over, or the credentials renewed. */
const PASSING = new Set(['ExpiredToken', 'RequestTimeTooSkewed', 'RequestTimeout', 'ConditionalRequestConflict']);
const ABSENT = new Set(['NoSuchKey', 'NotFound']);

/** Thrown for an object that is not there. */
export class NoSuchObject extends PermanentError {}

export function isStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && (error as S3Fault).$metadata?.httpStatusCode === status;
}

/** An error of the S3 client by its consequence. @param what was asked for @param place `s3://bucket/prefix` */
export function toS3Error(error: unknown, what: string, place: string): IngestionError {
  if (error instanceof IngestionError) return error;
  const { name, message, $metadata } = error as S3Fault;
  const code = typeof name === 'string' ? name : 'Error';
  const status = $metadata?.httpStatusCode;
  const text = `The staging store ${place} could not ${what}: ${code}: ${typeof message === 'string' ? message : 'no reason given'}`;
  const facts = (remedy?: string): ErrorFacts => ({
    where: place,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (ABSENT.has(code)) return new NoSuchObject(text, facts());
  if (code === 'NoSuchBucket')
    return new PermanentError(text, facts('Make the bucket, or name another in OM_INGEST_STAGING.'));
  if (RIGHTS.has(code)) {
    const rights =
      's3:ListBucket on the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject on what is below the prefix';
    return new PermanentError(text, facts(`Grant the worker ${rights}.`));
  }
  if (CREDENTIALS.has(code))
    return new AuthenticationError(
      text,
      facts('Give the worker the credentials of the bucket: AWS_ACCESS_KEY_ID and so on.')
    );
  if (PASSING.has(code) || status === undefined || status === 429 || (status >= 500 && status !== 501))
    return new TransientError(text, facts());
  return new PermanentError(text, facts());
}
