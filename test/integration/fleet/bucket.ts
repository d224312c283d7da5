import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startMoto, type Moto } from '../../services/moto.js';
import type { S3Place } from '../../../src/staging/s3-place.js';

/** A bucket on moto, whose credentials this process has meanwhile. */
export interface Bucket {
  readonly moto: Moto;
  readonly place: S3Place;
  /** For workers: staging below that prefix of the bucket. */
  readonly env: (prefix: string) => Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const NAME = 'om-staging';

export async function startBucket(): Promise<Bucket> {
  const moto = await startMoto();
  Object.assign(process.env, moto.env);
  const client = new S3Client({ endpoint: moto.url, forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await client.send(new CreateBucketCommand({ Bucket: NAME, CreateBucketConfiguration }));
  client.destroy();
  return {
    moto,
    place: { bucket: NAME, prefix: '', endpoint: moto.url, forcePathStyle: true },
    env: (prefix) => ({
      ...moto.env,
      OM_INGEST_STAGING: `s3://${NAME}/${prefix}`,
      OM_INGEST_S3_ENDPOINT: moto.url,
      OM_INGEST_S3_FORCE_PATH_STYLE: 'true',
    }),
    stop: async () => {
      for (const name of Object.keys(moto.env)) delete process.env[name];
      await moto.stop();
    },
  };
}
