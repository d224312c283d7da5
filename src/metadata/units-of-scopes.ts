import { z } from 'zod';
import type { NameRange, SchemaRef } from '../sources/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { scopeLine } from './staged-record.js';

/** Position of an entry of the `scopes` slice: where its schema is cut into ranges of names; usually nowhere. */
const unitCuts = z.object({ cuts: z.array(z.string()) });
export type UnitCuts = Readonly<z.infer<typeof unitCuts>>;

/** A schema, or a range of its tables. The last range includes the procedures. */
export interface SchemaPart extends SchemaRef, NameRange {}

/** A unit of work: what one chunk of the `scopes` slice lists, or one range of the big schema that is alone in it. */
interface Unit {
  readonly chunk: ManifestEntry;
  readonly range: NameRange;
}

/** How many units a finished `scopes` slice divides a run into. Its last entry may only mark the end. */
export function unitCount(scopes: readonly ManifestEntry[]): number {
  return unitsOf(scopes).length;
}

/** The units by their numbers, ranges of the same schema together. */
export function unitGroups(scopes: readonly ManifestEntry[]): number[][] {
  const groups: number[][] = [];
  for (const [number, { range }] of unitsOf(scopes).entries()) {
    if (range.after === undefined) groups.push([number]);
    else groups.at(-1)?.push(number);
  }
  return groups;
}

/** The schemas of one unit of work, in the order of its chunk. */
export async function unitSchemas(
  store: StagingStore,
  scopes: SliceAddress,
  unit: number
): Promise<readonly SchemaPart[]> {
  const found = unitsOf(await store.manifest(scopes))[unit];
  const schemas: SchemaPart[] = [];
  if (found === undefined) return schemas;
  for (const value of await store.read(found.chunk)) {
    const line = scopeLine.parse(value);
    if (line.kind === 'schema') schemas.push({ database: line.database, schema: line.schema, ...found.range });
  }
  return schemas;
}

function unitsOf(scopes: readonly ManifestEntry[]): Unit[] {
  return scopes
    .filter(({ chunk }) => chunk !== undefined)
    .flatMap((chunk) => {
      const cuts = unitCuts.safeParse(chunk.position).data?.cuts ?? [];
      return [...cuts, undefined].map((until, index) => ({ chunk, range: rangeOf(cuts[index - 1], until) }));
    });
}

function rangeOf(after: string | undefined, until: string | undefined): NameRange {
  return { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) };
}
