import type { SchemaRef } from '../sources/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { scopeLine } from './staged-record.js';

/** How many units a finished `scopes` slice cuts a run into. Its last entry may only mark the end. */
export function unitCount(scopes: readonly ManifestEntry[]): number {
  return scopes.filter(({ chunk }) => chunk !== undefined).length;
}

/** The schemas of one unit of work: those of one chunk of the `scopes` slice, in its order. */
export async function unitSchemas(
  store: StagingStore,
  scopes: SliceAddress,
  unit: number
): Promise<readonly SchemaRef[]> {
  const entry = await store.entry(scopes, unit);
  const schemas: SchemaRef[] = [];
  if (entry === undefined) return schemas;
  for (const value of await store.read(entry)) {
    const line = scopeLine.parse(value);
    if (line.kind === 'schema') schemas.push({ database: line.database, schema: line.schema });
  }
  return schemas;
}
