import { FolderStore } from './folder-store.js';
import { bucketAndPrefix, isS3Location, type S3Place } from './s3-place.js';
import type { StagingStore } from './staging-store.js';

/** How a store on S3 is reached; meaningless for a folder. */
export type S3Access = Partial<Pick<S3Place, 'endpoint' | 'region' | 'forcePathStyle'>>;

/**
 * Opens the staging store at a location and creates its id if it has none.
 * @param location a folder, or `s3://bucket/prefix`; the S3 client is loaded only then
 * @throws PermanentError for a location that can't be one
 */
export async function openStore(location: string, access: S3Access = {}): Promise<StagingStore> {
  if (!isS3Location(location)) return FolderStore.open(location);
  const place = { ...access, ...bucketAndPrefix(location), forcePathStyle: access.forcePathStyle ?? false };
  const { S3Store } = await import('./s3-store.js');
  return S3Store.open(place);
}
