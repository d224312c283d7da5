import { nameFilter } from '../filters/index.js';
import {
  buildFqn,
  listViews,
  splitFqn,
  type EntityScope,
  type OpenMetadataClient,
  type ViewRecord,
} from '../openmetadata/index.js';
import type { DatabaseLineageConfig } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { viewLine, type ViewLine } from './staged-line.js';

export interface StageViewsInput extends StageRun {
  readonly client: {
    readonly databases: Pick<OpenMetadataClient['databases'], 'list'>;
    readonly schemas: Pick<OpenMetadataClient['schemas'], 'list'>;
    readonly tables: Pick<OpenMetadataClient['tables'], 'list'>;
  };
  readonly service: string;
  readonly config: DatabaseLineageConfig;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

/**
 * Stages the service's views that have SQL, from the server's tables (its search index may lag behind or be rebuilt),
 * schema by schema. If the recipe processes incrementally, those whose lineage is already there are left out.
 * @returns the slice's manifest
 */
export function stageViews(input: StageViewsInput): Promise<readonly ManifestEntry[]> {
  const { config, recorder, to } = input;
  const tables = nameFilter('tableFilterPattern', config.tableFilterPattern);
  return listStage(input, {
    to,
    keyOf: (line) => viewLine.parse(JSON.parse(line.toString())).id,
    work: async (listing) => {
      for await (const { id, fullyQualifiedName: fqn, schemaDefinition: definition, processedLineage } of views(
        input
      )) {
        if (!(await isIn(tables, fqn))) listing.pass(() => recorder.count('source', { filtered: 1 }));
        else if (config.incrementalLineageProcessing && processedLineage === true)
          listing.pass(() => recorder.count('source', { unchanged: 1 }));
        else {
          const line = JSON.stringify({ id, fqn, definition } satisfies ViewLine);
          await listing.add(line, { key: id, count: () => recorder.count('source', { records: 1 }) });
        }
      }
    },
  });
}

async function* views({ client, service, config, signal }: StageViewsInput): AsyncGenerator<ViewRecord> {
  const databases = nameFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = nameFilter('schemaFilterPattern', config.schemaFilterPattern);
  const inService: EntityScope = { scopeType: 'service', scopeFqn: buildFqn(service) };
  for await (const databasePage of client.databases.list(inService, { signal })) {
    for (const { fullyQualifiedName: database } of databasePage.entities) {
      if (!(await isIn(databases, database))) continue;
      for await (const schemaPage of client.schemas.list({ scopeType: 'database', scopeFqn: database }, { signal })) {
        for (const { fullyQualifiedName: scopeFqn } of schemaPage.entities) {
          if (!(await isIn(schemas, scopeFqn))) continue;
          const scope: EntityScope = { scopeType: 'databaseSchema', scopeFqn };
          for await (const page of listViews(client.tables, scope, { signal })) yield* page;
        }
      }
    }
  }
}

async function isIn(filter: ReturnType<typeof nameFilter>, fqn: string): Promise<boolean> {
  return (await filter.reason(splitFqn(fqn).at(-1) ?? '')) === undefined;
}
