import { ObjectStore, readOrMakeId } from './object-store.js';
import { S3Objects } from './s3-objects.js';
import type { S3Place } from './s3-place.js';

/** A staging store in a bucket. */
export class S3Store extends ObjectStore {
  /** Creates its id if there is none; the bucket has to exist. Safe for two processes at once. */
  static async open(place: S3Place): Promise<S3Store> {
    const starting = new S3Objects(place, undefined, true);
    try {
      return new S3Store(new S3Objects(place), await readOrMakeId(starting));
    } finally {
      starting.close();
    }
  }
}
