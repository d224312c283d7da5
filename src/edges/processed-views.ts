import { buildPatch, type OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { parsedLine, viewLine } from './staged-line.js';

interface ViewsInput {
  readonly client: OpenMetadataClient;
  readonly store: StagingStore;
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
  readonly onProgress: () => void;
}

/** Takes away the view lineage that the staged views have, once a view; for overrideViewLineage. */
export async function removeViewEdges({
  client,
  store,
  signal,
  onProgress,
  views,
}: ViewsInput & { readonly views: SliceAddress }): Promise<void> {
  for (const entry of await store.manifest(views)) {
    for await (const value of store.read(entry)) {
      await client.lineage.deleteBySource({ fqn: viewLine.parse(value).fqn }, 'ViewLineage', { signal });
    }
    onProgress();
  }
}

/**
 * Marks views as processed, so that incremental runs leave them out. Only those whose tables were all known and that gave an edge: the
 * others may give more once their tables are in the catalog.
 */
export async function markViewsProcessed({
  client,
  store,
  signal,
  onProgress,
  parsed,
}: ViewsInput & { readonly parsed: SliceAddress }): Promise<void> {
  for (const entry of await store.manifest(parsed)) {
    for await (const value of store.read(entry)) {
      const line = parsedLine.parse(value);
      if (line.kind !== 'view') continue;
      const view = await client.tables.findByName(line.fqn, { signal });
      if (view === undefined) continue;
      const current = { processedLineage: view.processedLineage };
      await client.tables.patch(view.id, buildPatch(current, { processedLineage: true }), { signal });
    }
    onProgress();
  }
}
