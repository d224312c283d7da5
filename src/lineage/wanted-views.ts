import { nameFilter } from '../filters/index.js';
import { buildFqn, listViews, splitFqn, type EntityScope, type OpenMetadataClient } from '../openmetadata/index.js';
import type { DatabaseLineageConfig } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';
import type { ViewLine } from './staged-line.js';

export interface WantedViewsInput {
  readonly client: OpenMetadataClient;
  readonly service: string;
  readonly config: DatabaseLineageConfig;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

/**
 * Views of the service that have a text, from the server's tables (its search index may lag behind or be rebuilt), schema by schema in the
 * server's order. Those whose lineage is there already are left out when the recipe processes incrementally.
 */
export async function* wantedViews({
  client,
  service,
  config,
  recorder,
  signal,
}: WantedViewsInput): AsyncGenerator<ViewLine> {
  const databases = nameFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = nameFilter('schemaFilterPattern', config.schemaFilterPattern);
  const tables = nameFilter('tableFilterPattern', config.tableFilterPattern);
  const isIn = (filter: typeof tables, fqn: string): boolean => filter.reason(splitFqn(fqn).at(-1) ?? '') === undefined;

  const inService: EntityScope = { scopeType: 'service', scopeFqn: buildFqn(service) };
  for await (const databasePage of client.databases.list(inService, { signal })) {
    for (const { fullyQualifiedName: database } of databasePage.entities) {
      if (!isIn(databases, database)) continue;
      for await (const schemaPage of client.schemas.list({ scopeType: 'database', scopeFqn: database }, { signal })) {
        for (const { fullyQualifiedName: schema } of schemaPage.entities)
          if (isIn(schemas, schema)) yield* inSchema(schema);
      }
    }
  }

  async function* inSchema(scopeFqn: string): AsyncGenerator<ViewLine> {
    for await (const views of listViews(client.tables, { scopeType: 'databaseSchema', scopeFqn }, { signal })) {
      for (const { id, fullyQualifiedName: fqn, schemaDefinition: definition, processedLineage } of views) {
        if (!isIn(tables, fqn)) recorder.count('source', { filtered: 1 });
        else if (config.incrementalLineageProcessing && processedLineage === true)
          recorder.count('source', { unchanged: 1 });
        else {
          recorder.count('source', { records: 1 });
          yield { id, fqn, definition };
        }
      }
    }
  }
}
