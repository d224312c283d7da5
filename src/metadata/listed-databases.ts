import { entityFqn } from '../openmetadata/index.js';
import type { StagingStore } from '../staging/index.js';
import { scopeLine, type ScopeLine } from './staged-record.js';
import { labelDigest } from './standing.js';

/** Where a run has staged its listing of databases and schemas. */
export interface ListingInput {
  readonly store: StagingStore;
  readonly run: string;
  readonly stages: { readonly scopes: string };
}

/** FQNs of the databases that the run's listing names, left out or not. */
export async function listedDatabases(input: ListingInput & { readonly service: string }): Promise<Set<string>> {
  const fqns = new Set<string>();
  for await (const line of scopeLines(input))
    fqns.add(entityFqn(input.service, line.kind === 'database' ? line.name : line.database));
  return fqns;
}

/** Of a run that lists one database: digest of its FQN, by which later runs know it. */
export function labelOf(databases: ReadonlySet<string>): string | undefined {
  const [only] = databases;
  return only === undefined || databases.size > 1 ? undefined : labelDigest(only);
}

export async function* scopeLines({ store, run, stages }: ListingInput): AsyncIterable<ScopeLine> {
  for (const entry of await store.manifest({ run, stage: stages.scopes, slice: '0' })) {
    for (const value of await store.read(entry)) yield scopeLine.parse(value);
  }
}
