import type { PartRecorder } from '../report/index.js';
import { transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import type { ForeignKeyConstraint } from './constraints.js';
import { deferredLine, type DeferredLine } from './staged-record.js';

export interface AddForeignKeysInput extends StageRun {
  readonly catalog: Catalog;
  /** Slices of published units, which hold deferred lines. */
  readonly from: readonly SliceAddress[];
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/** Adds the foreign keys that waited for their table. Those whose table never came are left out with a note. Repeatable: keys are united. */
export async function addForeignKeys(input: AddForeignKeysInput): Promise<void> {
  const { catalog, store, from, to, recorder } = input;
  const there = new Map<string, boolean>();
  const isThere = async (key: ForeignKeyConstraint): Promise<boolean> => {
    const known = there.get(key.referredTable) ?? (await catalog.hasTable(key.referredTable));
    there.set(key.referredTable, known);
    return known;
  };
  const add = async ({ tableFqn, foreignKeys, sourceHash }: DeferredLine): Promise<void> => {
    const ready: ForeignKeyConstraint[] = [];
    for (const key of foreignKeys) {
      if (await isThere(key)) ready.push(key);
      else recorder.note(`${tableFqn}: a foreign key was left out, since ${key.referredTable} is not in the catalog`);
    }
    if (ready.length === 0) return;
    const constraints = ready.map((key) => key.constraint);
    const hash = ready.length === foreignKeys.length ? sourceHash : undefined;
    if (await catalog.addConstraints(tableFqn, constraints, hash)) recorder.count('sink', { updated: 1 });
  };
  const published = await Promise.all(from.map((slice) => store.manifest(slice)));
  await transformStage(input, {
    from: wholeSlices(published.map((entries) => entries.filter(({ chunk }) => chunk !== undefined))),
    to,
    parse: (line) => deferredLine.parse(JSON.parse(line.toString())),
    work: async ({ records }) => {
      for (const line of records) await add(line);
      return {};
    },
  });
}
