import { existsSync } from 'node:fs';
import path from 'node:path';
import { isS3Location, openStore, type StagingStore, type StateStore } from '../staging/index.js';
import type { WorkerSettings } from './settings.js';

export function openStaging(settings: WorkerSettings): Promise<StagingStore> {
  return openStore(settings.staging, {
    ...(settings.s3Endpoint === undefined ? {} : { endpoint: settings.s3Endpoint }),
    ...(settings.s3Region === undefined ? {} : { region: settings.s3Region }),
    forcePathStyle: settings.s3ForcePathStyle,
  });
}

/** What runs have left in a staging store, for a look at it; none where no run has left anything: nothing is made. */
export async function earlierState(settings: WorkerSettings): Promise<StateStore | undefined> {
  const { staging } = settings;
  if (!isS3Location(staging) && !existsSync(path.join(staging, 'state'))) return undefined;
  return (await openStaging(settings)).state;
}
