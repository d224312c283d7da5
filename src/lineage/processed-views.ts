import { mapLimited, markLineageProcessed, type OpenMetadataClient } from '../openmetadata/index.js';
import { growingSlice, transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import { parsedLine, unpublishedEdge, viewLine } from './staged-line.js';

interface ViewsInput extends StageRun {
  readonly to: SliceAddress;
  /** Views at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
}

export interface RemoveViewEdgesInput extends ViewsInput {
  readonly client: { readonly lineage: Pick<OpenMetadataClient['lineage'], 'deleteBySource'> };
  readonly views: SliceAddress;
}

/**
 * Removes the view lineage of the staged views, once per view; for overrideViewLineage, before the first new edge is
 * published.
 */
export async function removeViewEdges(input: RemoveViewEdgesInput): Promise<void> {
  const { client, store, views, to, lanes, signal } = input;
  await transformStage(input, {
    from: wholeSlices([await store.manifest(views)]),
    to,
    parse: (line) => viewLine.parse(JSON.parse(line.toString())).fqn,
    work: async ({ records }) => {
      await mapLimited(records, lanes, (fqn) => client.lineage.deleteBySource({ fqn }, 'ViewLineage', { signal }));
      return {};
    },
  });
}

export interface MarkViewsInput extends ViewsInput {
  readonly client: { readonly tables: Pick<OpenMetadataClient['tables'], 'findByName' | 'patch'> };
  readonly parsed: SliceAddress;
  readonly published: readonly SliceAddress[];
}

/**
 * Marks views as processed, so that incremental runs skip them. Only those that gave an edge, whose tables are all
 * known and whose edges all reached the catalog: the others may give more in a later run.
 */
export async function markViewsProcessed(input: MarkViewsInput): Promise<void> {
  const { client, store, parsed, published, to, lanes, signal } = input;
  const unpublished = new Set<string>();
  for (const slice of published)
    for (const entry of await store.manifest(slice))
      for (const value of await store.read(entry)) unpublished.add(unpublishedEdge.parse(value).to);
  await transformStage(input, {
    from: growingSlice(store, parsed),
    to,
    parse: (line) => parsedLine.parse(JSON.parse(line.toString())),
    work: async ({ records }) => {
      const views = records.flatMap((line) => (line.kind === 'view' && !unpublished.has(line.fqn) ? [line.fqn] : []));
      await mapLimited(views, lanes, async (fqn) => {
        const view = await client.tables.findByName(fqn, { signal });
        if (view !== undefined) await markLineageProcessed(client.tables, view, { signal });
      });
      return {};
    },
  });
}
