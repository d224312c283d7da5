import type { PartRecorder } from '../report/index.js';
import type { StagingStore } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import type { ForeignKeyConstraint } from './constraints.js';
import { deferredLine } from './staged-record.js';

export interface AddForeignKeysInput {
  readonly catalog: Catalog;
  readonly store: StagingStore;
  readonly run: string;
  /** The stage whose slices hold deferred lines. */
  readonly stage: string;
  readonly recorder: PartRecorder;
  readonly onProgress: () => void;
}

/** Adds the foreign keys that waited for their table. Those whose table never came are left out with a note. Repeatable: keys are united. */
export async function addForeignKeys({
  catalog,
  store,
  run,
  stage,
  recorder,
  onProgress,
}: AddForeignKeysInput): Promise<void> {
  const there = new Map<string, boolean>();
  const isThere = async (key: ForeignKeyConstraint): Promise<boolean> => {
    const known = there.get(key.referredTable) ?? (await catalog.hasTable(key.referredTable));
    there.set(key.referredTable, known);
    return known;
  };
  for (const slice of await store.slices(run, stage)) {
    for (const entry of await store.manifest({ run, stage, slice })) {
      for (const value of await store.read(entry)) {
        const { tableFqn, foreignKeys, sourceHash } = deferredLine.parse(value);
        const ready: ForeignKeyConstraint[] = [];
        for (const key of foreignKeys) {
          if (await isThere(key)) ready.push(key);
          else
            recorder.note(`${tableFqn}: a foreign key was left out, since ${key.referredTable} is not in the catalog`);
        }
        if (ready.length === 0) continue;
        const constraints = ready.map((key) => key.constraint);
        const hash = ready.length === foreignKeys.length ? sourceHash : undefined;
        if (await catalog.addConstraints(tableFqn, constraints, hash)) recorder.count('sink', { updated: 1 });
      }
      onProgress();
    }
  }
}
