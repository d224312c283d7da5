import { unitTable, type ProfiledUnit, type UnitTable } from '../../profiler/index.js';
import type { SliceAddress, StagingStore } from '../../staging/index.js';
import { STAGES } from '../../contract/stage-names.js';
import { z } from 'zod';

/** Slice of the stage that lists tables: those that get no profile. */
export const LEFT_OUT = 'left-out';
/** Slice of the same stage: until when what changed the rows of each table was read. */
export const CHANGES_SEEN = 'changes-seen';

const unitLine = z.array(unitTable);

/** The tables of a unit. */
export async function readUnit(store: StagingStore, run: string, unit: number): Promise<readonly UnitTable[]> {
  const tables: UnitTable[] = [];
  for await (const line of stagedValues(store, { run, stage: STAGES.profileUnits, slice: String(unit) }))
    tables.push(...unitLine.parse(line));
  return tables;
}

/** The tables of all staged units, in the order of the units. */
export async function* stagedUnits(store: StagingStore, run: string): AsyncGenerator<readonly UnitTable[]> {
  const staged = (await store.slices(run, STAGES.profileUnits)).length;
  for (let unit = 0; unit < staged; unit += 1) yield await readUnit(store, run, unit);
}

/** The same with what was measured and published of each. */
export async function* profiledUnits(store: StagingStore, run: string): AsyncGenerator<ProfiledUnit> {
  let unit = 0;
  for await (const tables of stagedUnits(store, run)) {
    const slice = String(unit);
    yield {
      tables,
      profiles: stagedValues(store, { run, stage: STAGES.profiles, slice }),
      published: stagedValues(store, { run, stage: STAGES.publishedProfiles, slice }),
      ended: (await store.manifest({ run, stage: STAGES.profiles, slice })).at(-1)?.last === true,
    };
    unit += 1;
  }
}

/** The values of a slice's lines, chunk by chunk. */
export async function* stagedValues(store: StagingStore, slice: SliceAddress): AsyncGenerator<unknown> {
  for (const entry of await store.manifest(slice)) yield* await store.read(entry);
}
