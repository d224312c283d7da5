import { PermanentError } from '../errors/index.js';
import type { KnownOperation, OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { RowChanges, TableRef } from '../sources/index.js';
import type { UnitTable } from './plan-units.js';
import type { ProfileUnitStage } from './profile-unit-stage.js';
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
  /** Where a table's window begins, epoch milliseconds. */
  readonly since: (fqn: string) => number;
  /** Where all windows end. */
  readonly to: number;
  /** Of the run's profiles. */
  readonly timestamp: number;
}

/**
 * The system profile of tables that did not change since their profile: the source may have shown what changed them
 * only by now. What OpenMetadata has is not put again. A system profile comes with one of the table, which is the last
 * one: nothing changed.
 * @returns FQNs of the tables that OpenMetadata did not take it of
 */
export async function putLateChanges(
  tables: readonly UnchangedTable[],
  late: LateChanges
): Promise<ReadonlySet<string>> {
  const { client, recorder, signal, changes, since, to, timestamp } = late;
  const failed = new Set<string>();
  let put = 0;
  for (const { id, fqn, table } of tables) {
    const window = { from: since(fqn), to };
    const found = asSystemProfile(changes(table), window.from);
    if (found.length === 0) continue;
    signal.throwIfAborted();
    try {
      const known = await client.profiles.systemProfile(fqn, window, { signal });
      const rows = new Map(known.map((each) => [keyOf(each), each.rowsAffected ?? 0]));
      // one per time and operation: another of the same millisecond adds to it
      const systemProfile = found.filter((each) => each.rowsAffected > (rows.get(keyOf(each)) ?? 0));
      if (systemProfile.length === 0) continue;
      const tableProfile = { ...(await client.profiles.newestProfile(fqn, { signal })), timestamp };
      await client.profiles.putProfile({ id, fqn }, { tableProfile, systemProfile }, { signal });
      put += 1;
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      recorder.failure('sink', fqn, error.describe());
      failed.add(fqn);
    }
  }
  if (put > 0)
    recorder.note(
      `${put} unchanged ${put === 1 ? 'table has' : 'tables have'} what the source shows only now in the system profile.`
    );
  return failed;
}

function keyOf({ timestamp, operation }: Pick<KnownOperation, 'timestamp' | 'operation'>): string {
  return `${timestamp} ${operation}`;
}

/**
 * The same for one that was to be looked at, and did not change after all.
 * @returns until when all was read, epoch milliseconds
 */
export async function lateChangesOf(
  unchanged: UnchangedTable,
  { changesFrom: from, changesSince }: Pick<UnitTable, 'changesFrom' | 'changesSince'>,
  stage: Pick<ProfileUnitStage, 'source' | 'now'> & Omit<LateChanges, 'changes' | 'since' | 'to'>
): Promise<number | undefined> {
  const { source, now } = stage;
  if (from === undefined || changesSince === undefined || source.changes === undefined) return undefined;
  const changes = await source.changes({ from, to: now });
  const failed = await putLateChanges([unchanged], { ...stage, changes, since: () => changesSince, to: now });
  return failed.size > 0 || changes.lacksSome === true ? undefined : now;
}
