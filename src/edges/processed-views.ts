import { mapLimited, markLineageProcessed, type OpenMetadataClient } from '../openmetadata/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { parsedLine, viewLine } from './staged-line.js';

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
    for await (const value of store.read(entry)) fqns.push(viewLine.parse(value).fqn);
    await mapLimited(fqns, lanes, (fqn) => client.lineage.deleteBySource({ fqn }, 'ViewLineage', { signal }));
    onProgress();
  }
}

/**
 * Marks views as processed, so that incremental runs leave them out. Only those whose tables were all known and that gave an edge: the
 * others may give more once their tables are in the catalog.
 */
export async function markViewsProcessed(input: ViewsInput & { readonly parsed: SliceAddress }): Promise<void> {
  const { client, store, lanes, signal, onProgress } = input;
  for (const entry of await store.manifest(input.parsed)) {
    const fqns: string[] = [];
    for await (const value of store.read(entry)) {
      const line = parsedLine.parse(value);
      if (line.kind === 'view') fqns.push(line.fqn);
    }
    await mapLimited(fqns, lanes, async (fqn) => {
      const view = await client.tables.findByName(fqn, { signal });
      if (view !== undefined) await markLineageProcessed(client.tables, view, { signal });
    });
    onProgress();
  }
}
