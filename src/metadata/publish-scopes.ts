import type { CreateDatabaseRequest, CreateDatabaseSchemaRequest } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import { KnownEntities } from './known-entities.js';
import { scopeLine } from './staged-record.js';
import { requestTags } from './tags.js';

export interface PublishScopesInput extends BulkOptions {
  readonly store: StagingStore;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  /** True: send everything, so that what users typed is overwritten. */
  readonly overrideMetadata: boolean;
  readonly takeFacts: () => PartReport;
  readonly onCommit: () => void;
}

/**
 * Publishes databases, then schemas, chunk by chunk; a retry goes on behind the last published chunk. Those whose sourceHash the catalog
 * already has are not sent.
 */
export async function publishScopes(input: PublishScopesInput): Promise<void> {
  const { store, from, to, catalog } = input;
  const chunks = await store.manifest(from);
  const done = (await store.manifest(to)).length;
  const known = new KnownEntities(input);
  for (const [n, chunk] of chunks.entries()) {
    if (n < done) continue;
    const databases: CreateDatabaseRequest[] = [];
    const schemas: CreateDatabaseSchemaRequest[] = [];
    for (const value of await store.read(chunk)) {
      const line = scopeLine.parse(value);
      if (line.kind === 'database' && !(await known.isUnchanged('databases', line.request.service, line.request)))
        databases.push(line.request);
      if (line.kind === 'schema' && !(await known.isUnchanged('databaseSchemas', line.request.database, line.request)))
        schemas.push(line.request);
    }
    for (const tag of requestTags([...databases, ...schemas])) await catalog.ensureTag(tag);
    await putAll(input, 'databases', databases);
    await putAll(input, 'databaseSchemas', schemas);
    await store.commit(to, { n, facts: input.takeFacts(), last: n === chunks.length - 1 });
    input.onCommit();
  }
}
