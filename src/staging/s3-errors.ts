import { IngestionError, PermanentError, TransientError, type ErrorFacts } from '../errors/index.js';
import { CONTINUES } from './continues.js';

/** What the AWS SDK says about an error, if anything. */
interface S3Fault {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const CREDENTIALS = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken']);
const RIGHTS = new Set(['AccessDenied', 'AllAccessDisabled', 'AccountProblem']);
/** Refused for now: later the conflict may be over, or the credentials renewed. */
const PASSING = new Set(['ExpiredToken', 'RequestTimeTooSkewed', 'RequestTimeout', 'ConditionalRequestConflict']);
/** The bucket is in another region, or none is named. */
const REGION = new Set(['AuthorizationHeaderMalformed', 'PermanentRedirect', 'IllegalLocationConstraintException']);
const NO_REGION = /^Region is missing/;
/** What the SDK calls an answer without a code of S3's, such as an HTML page. */
const UNCODED = new Set(['Error', 'NotFound', 'Unknown']);

const GIVE_CREDENTIALS = `Give the worker the credentials of the bucket: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, a web identity or the role of the instance. ${CONTINUES}`;

/**
 * Thrown when the store refuses the worker, or there are no credentials: at the start a mistake of whoever set it up;
 * later on rights are being changed, or what issues the credentials is away for a while.
 */
export class StoreRefusal extends TransientError {}

/** Thrown for an object that is not there. */
export class NoSuchObject extends PermanentError {}

/**
 * Something else answered in the store's place: an ingress without a backend, a page that says "maintenance". Nothing
 * it says of an object is believed, least of all that there is none.
 */
export function notS3(what: string, place: string, status: number | undefined, cause?: unknown): StoreRefusal {
  const http = status === undefined ? '' : ` (HTTP ${status})`;
  return new StoreRefusal(`The staging store ${place} could not ${what}: what answered is no S3 store${http}.`, {
    where: place,
    cause,
    remedy: `Is OM_INGEST_S3_ENDPOINT right, and does what stands in front of the store pass on to it? ${CONTINUES}`,
  });
}

export function isStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && (error as S3Fault).$metadata?.httpStatusCode === status;
}

/** An error of the S3 client by its consequence. @param what was asked for @param place `s3://bucket/prefix` */
export function toS3Error(error: unknown, what: string, place: string): IngestionError {
  if (error instanceof IngestionError) return error;
  const { name, message, $metadata } = error as S3Fault;
  const code = typeof name === 'string' ? name : 'Error';
  const status = $metadata?.httpStatusCode;
  // an answer without a body has no code
  const said = code === 'Unknown' && status !== undefined ? ` (HTTP ${status})` : '';
  const text = `The staging store ${place} could not ${what}: ${code}: ${typeof message === 'string' ? message : 'no reason given'}${said}`;
  const facts = (remedy?: string): ErrorFacts => ({
    where: place,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (code === 'NoSuchKey') return new NoSuchObject(text, facts());
  if (code === 'NoSuchBucket')
    return new StoreRefusal(text, facts('Make the bucket, or restart the workers with another in OM_INGEST_STAGING.'));
  if (CREDENTIALS.has(code) || code === 'CredentialsProviderError' || status === 401)
    return new StoreRefusal(text, facts(GIVE_CREDENTIALS));
  if (RIGHTS.has(code) || (status === 403 && !PASSING.has(code))) {
    const rights =
      's3:ListBucket on the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject on what is below the prefix';
    return new StoreRefusal(text, facts(`Grant the worker ${rights}. ${CONTINUES}`));
  }
  if (REGION.has(code) || NO_REGION.test(String(message)))
    return new PermanentError(text, facts('Name the region of the bucket in OM_INGEST_S3_REGION, or in AWS_REGION.'));
  if (status === undefined) {
    const remedy = `Is the store up, and OM_INGEST_S3_ENDPOINT right (if it isn't Amazon's)? ${CONTINUES}`;
    return new TransientError(text, facts(remedy));
  }
  if (PASSING.has(code)) return new TransientError(text, facts());
  if (status === 429 || (status >= 500 && status !== 501)) {
    const remedy = `The store is overloaded or down: see to it, or wait. ${CONTINUES}`;
    return new TransientError(text, facts(remedy));
  }
  if (status === 501) {
    const remedy = 'Use a store that speaks S3 with conditional writes (If-None-Match: *), or a shared folder.';
    return new PermanentError(text, facts(remedy));
  }
  if (UNCODED.has(code)) return notS3(what, place, status, error);
  const remedy =
    "Look up the code in the store's documentation; OM_INGEST_STAGING and OM_INGEST_S3_* say what is asked.";
  return new PermanentError(text, facts(remedy));
}
