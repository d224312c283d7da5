import { mapLimited, markLineageProcessed, type OpenMetadataClient } from '../openmetadata/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { parsedLine, unpublishedEdge, viewLine } from './staged-line.js';

/** The part of the client that is used. */
export type ViewsClient = Pick<OpenMetadataClient, 'lineage'> & {
  readonly tables: Pick<OpenMetadataClient['tables'], 'findByName' | 'patch'>;
};

interface ViewsInput {
  readonly client: ViewsClient;
  readonly store: StagingStore;
  /** Views at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

/** Takes away the view lineage that the staged views have, once a view; for overrideViewLineage. */
export async function removeViewEdges(input: ViewsInput & { readonly views: SliceAddress }): Promise<void> {
  const { client, store, lanes, signal, onProgress } = input;
  for (const entry of await store.manifest(input.views)) {
    const fqns: string[] = [];
    for (const value of await store.read(entry)) fqns.push(viewLine.parse(value).fqn);
    await mapLimited(fqns, lanes, (fqn) => client.lineage.deleteBySource({ fqn }, 'ViewLineage', { signal }));
    onProgress();
  }
}

/**
 * Marks views as processed, so that incremental runs leave them out. Only those whose tables were all known, that gave an edge, and whose
 * edges all came to the catalog: the others may give more in a later run.
 */
export async function markViewsProcessed(
  input: ViewsInput & { readonly parsed: SliceAddress; readonly published: SliceAddress }
): Promise<void> {
  const { client, store, lanes, signal, onProgress } = input;
  const unpublished = new Set<string>();
  for (const entry of await store.manifest(input.published))
    for (const value of await store.read(entry)) unpublished.add(unpublishedEdge.parse(value).to);
  for (const entry of await store.manifest(input.parsed)) {
    const fqns: string[] = [];
    for (const value of await store.read(entry)) {
      const line = parsedLine.parse(value);
      if (line.kind === 'view' && !unpublished.has(line.fqn)) fqns.push(line.fqn);
    }
    await mapLimited(fqns, lanes, async (fqn) => {
      const view = await client.tables.findByName(fqn, { signal });
      if (view !== undefined) await markLineageProcessed(client.tables, view, { signal });
    });
    onProgress();
  }
}
