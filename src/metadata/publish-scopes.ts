import { quoteName } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { putAll, type BulkItem, type BulkOptions } from './bulk-writer.js';
import { scopeLine } from './staged-record.js';
import { requestTags } from './tags.js';

export interface PublishScopesInput extends BulkOptions {
  readonly store: StagingStore;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly takeFacts: () => PartReport;
  readonly onCommit: () => void;
}

/** Publishes databases, then schemas, chunk by chunk; a retry goes on behind the last published chunk. */
export async function publishScopes(input: PublishScopesInput): Promise<void> {
  const { store, from, to, catalog } = input;
  const chunks = await store.manifest(from);
  const done = (await store.manifest(to)).length;
  for (const [n, chunk] of chunks.entries()) {
    if (n < done) continue;
    const databases: BulkItem<'databases'>[] = [];
    const schemas: BulkItem<'databaseSchemas'>[] = [];
    for (const value of await store.read(chunk)) {
      const line = scopeLine.parse(value);
      if (line.kind === 'database')
        databases.push({ fqn: `${line.request.service}.${quoteName(line.request.name)}`, request: line.request });
      if (line.kind === 'schema')
        schemas.push({ fqn: `${line.request.database}.${quoteName(line.request.name)}`, request: line.request });
    }
    const requests = [...databases, ...schemas].map((item) => item.request);
    for (const tag of requestTags(requests)) await catalog.ensureTag(tag);
    await putAll(input, 'databases', databases);
    await putAll(input, 'databaseSchemas', schemas);
    await store.commit(to, { n, facts: input.takeFacts(), last: n === chunks.length - 1 });
    input.onCommit();
  }
}
