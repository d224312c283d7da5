import { PermanentError } from '../errors/index.js';

/** Where a staging store on S3, or on a compatible service, is. Credentials come from where the AWS SDK finds them. */
export interface S3Place {
  readonly bucket: string;
  /** Without a slash at either end; `` for the bucket itself. */
  readonly prefix: string;
  /** URL of a store other than Amazon's. */
  readonly endpoint?: string;
  /** Default: where the AWS SDK finds one, as AWS_REGION. */
  readonly region?: string;
  /** The bucket in the path instead of the host name, as most stores other than Amazon's want it. */
  readonly forcePathStyle: boolean;
}

const SCHEME = 's3://';

/** True for a location that isn't a folder. */
export function isS3Location(location: string): boolean {
  return location.startsWith(SCHEME);
}

/** @param location `s3://bucket` or `s3://bucket/prefix` @throws PermanentError for anything else */
export function bucketAndPrefix(location: string): Pick<S3Place, 'bucket' | 'prefix'> {
  const [bucket = '', ...rest] = location.slice(SCHEME.length).split('/');
  const prefix = rest.filter((part) => part !== '').join('/');
  if (isS3Location(location) && /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/.test(bucket)) return { bucket, prefix };
  throw new PermanentError(`The staging location ${JSON.stringify(location)} names no bucket.`, {
    remedy: 'Write s3://bucket or s3://bucket/prefix.',
  });
}
