import { prepareRequest, type PreparedRequest } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { SourceTag } from '../sources/index.js';
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
    const databases: PreparedRequest[] = [];
    const schemas: PreparedRequest[] = [];
    const tags: SourceTag[] = [];
    for (const value of await store.read(chunk)) {
      const line = scopeLine.parse(value);
      if (line.kind === 'seen') continue;
      const { request } = line;
      const isUnchanged =
        'service' in request
          ? await known.isUnchanged('databases', request.service, request)
          : await known.isUnchanged('databaseSchemas', request.database, request);
      if (isUnchanged) continue;
      (line.kind === 'database' ? databases : schemas).push(prepareRequest(request));
      tags.push(...requestTags(request));
    }
    for (const tag of tags) await catalog.ensureTag(tag);
    await putAll(input, 'databases', databases);
    await putAll(input, 'databaseSchemas', schemas);
    await store.commit(to, { n, facts: input.takeFacts(), last: n === chunks.length - 1 });
    input.onCommit();
  }
}
