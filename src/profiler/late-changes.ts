import { PermanentError } from '../errors/index.js';
import type { OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { RowChanges, TableRef } from '../sources/index.js';
import { asSystemProfile } from './system-profile.js';

/** A table that gets no profile, as nothing changed. */
export interface UnchangedTable {
  readonly id: string;
  readonly fqn: string;
  readonly table: TableRef;
}

export interface LateChanges {
  readonly client: Pick<OpenMetadataClient, 'profiles'>;
  readonly recorder: Pick<PartRecorder, 'failure' | 'note'>;
  readonly signal: AbortSignal;
  readonly changes: RowChanges;
  readonly window: { readonly from: number; readonly to: number };
  /** Of the run's profiles. */
  readonly timestamp: number;
}

/**
 * The system profile of tables that did not change since their profile: the source may have shown what changed them
 * only by now. What OpenMetadata has is not put again. A system profile comes with one of the table, which is the last
 * one: nothing changed.
 */
export async function putLateChanges(tables: readonly UnchangedTable[], late: LateChanges): Promise<void> {
  const { client, recorder, signal, changes, window, timestamp } = late;
  let put = 0;
  for (const { id, fqn, table } of tables) {
    const found = asSystemProfile(changes(table));
    if (found.length === 0) continue;
    signal.throwIfAborted();
    try {
      const known = await client.profiles.systemProfile(fqn, window, { signal });
      const has = new Set(known.map((each) => `${each.timestamp} ${each.operation}`));
      const systemProfile = found.filter((each) => !has.has(`${each.timestamp} ${each.operation}`));
      if (systemProfile.length === 0) continue;
      const tableProfile = { ...(await client.profiles.newestProfile(fqn, { signal })), timestamp };
      await client.profiles.putProfile({ id, fqn }, { tableProfile, systemProfile }, { signal });
      put += 1;
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      recorder.failure('sink', fqn, error.describe());
    }
  }
  if (put > 0)
    recorder.note(
      `${put} unchanged ${put === 1 ? 'table has' : 'tables have'} what the source shows only now in the system profile.`
    );
}
