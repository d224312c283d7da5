import { ObjectStore, readOrMakeId } from './object-store.js';
import { S3Objects } from './s3-objects.js';
import type { S3Place } from './s3-place.js';

/** A staging store in a bucket. */
export class S3Store extends ObjectStore {
  /** Creates its id if there is none; the bucket has to exist. Safe for two processes at once. */
  static async open(place: S3Place): Promise<S3Store> {
    const objects = new S3Objects(place);
    return new S3Store(objects, await readOrMakeId(objects));
  }
}
