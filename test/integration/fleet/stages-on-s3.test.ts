import { S3Store } from '../../../src/staging/s3-store.js';
import { describeEveryStage } from '../../unit/stages/every-stage.js';
import { startBucket } from './bucket.js';

describe('With staging on S3', function () {
  this.timeout(300_000);

  describeEveryStage(
    'in a bucket',
    async () => {
      const bucket = await startBucket();
      return { store: await S3Store.open(bucket.place), root: bucket.place.bucket, remove: bucket.stop };
    },
    // one that lists, one that publishes, one that turns chunks into chunks: the others use the same two frames
    ['scopes', 'publish', 'parsed']
  );
});
