import { z } from 'zod';
import { databaseLineageConfig, type DatabaseLineageConfig } from './database-lineage-model.js';
import { databaseMetadataConfig, type DatabaseMetadataConfig } from './database-metadata-model.js';
import { CONNECTIONS, type ConnectorType, CONNECTOR_TYPES, isConnector, KNOWN_TYPES } from './source-types.js';
import { sink, unusedStep } from './step-models.js';
import { workflowConfig } from './workflow-config-model.js';
import type {
  MysqlConnectionConfig,
  SnowflakeConnectionConfig,
  SqliteConnectionConfig,
} from '../sources/connection-configs.js';

export type RecipeKind = 'metadata' | 'lineage';

const ingestionPipelineFQN = z
  .string()
  .regex(/.\../, { error: 'is not `<service>.<pipeline>`, the fully qualified name of an ingestion pipeline.' })
  .describe('service.pipeline: run statuses are reported to this ingestion pipeline, which is made when absent.');

const serviceName = z.string().min(1).describe('Name of the database service in OpenMetadata; made when absent.');

/** Everything of a recipe but its source. */
const commonKeys = {
  processor: z.exactOptional(unusedStep),
  sink: z.exactOptional(sink),
  stage: z.exactOptional(unusedStep),
  bulkSink: z.exactOptional(unusedStep),
  workflowConfig,
  ingestionPipelineFQN: z.exactOptional(ingestionPipelineFQN),
  pipelineRunId: z.exactOptional(z.guid()).describe('No effect: the id of a run is the first run id of its workflow.'),
  enableStreamableLogs: z.boolean().default(false).describe('No effect: logs are those of the worker.'),
  ingestionRunnerName: z.exactOptional(z.string()).describe('Only logged.'),
};

type Frame = z.infer<z.ZodObject<typeof commonKeys>>;

/** A recipe whose source can't be told: everything else of it is checked. */
export const recipeFrame: z.ZodType = z.strictObject({ source: z.any(), ...commonKeys }).meta({ title: 'recipe' });

const serviceConnection = <C extends z.ZodType>(config: C): z.ZodExactOptional<z.ZodObject<{ config: C }>> =>
  z
    .exactOptional(z.strictObject({ config }).meta({ title: 'serviceConnection' }))
    .describe('Taken from the service in OpenMetadata when absent.');

/** Of a type without a connector: read by nobody, only kept free of secrets. */
const freeConnection = z.record(z.string(), z.unknown());

const sourceConfig = <C extends z.ZodType>(config: C): z.ZodObject<{ config: C }> =>
  z.strictObject({ config }).meta({ title: 'sourceConfig' });

/** The model of a metadata recipe of one connector, so that messages speak about one model. */
export const metadataModel = madeOnce((type: ConnectorType): z.ZodType<Omit<MetadataRecipe, 'kind'>> =>
  whole(metadataSource(type))
);

/** The model of a lineage recipe of one of the known types. Its `source.type` is the type with `-lineage`. */
export const lineageModel = madeOnce((type: string): z.ZodType<Omit<LineageRecipe, 'kind'>> =>
  whole(lineageSource([`${type}-lineage`], isConnector(type) ? CONNECTIONS[type] : freeConnection))
);

/** Every activity reads its run's recipe, and zod compiles a model when it is first used. */
function madeOnce<Type extends string, Model>(make: (type: Type) => Model): (type: Type) => Model {
  const models = new Map<Type, Model>();
  return (type) => {
    const model = models.get(type) ?? make(type);
    models.set(type, model);
    return model;
  };
}

/** Any recipe at all, for the JSON Schema; messages are made by the models above. */
export function anyRecipe(): z.ZodType {
  const ofConnectors = CONNECTOR_TYPES.flatMap((type) => [
    metadataSource(type),
    lineageSource([`${type}-lineage`], CONNECTIONS[type]),
  ]);
  const others = KNOWN_TYPES.filter((type) => !isConnector(type)).map((type) => `${type}-lineage`);
  return whole(z.union([...ofConnectors, lineageSource(others, freeConnection)]));
}

function whole<S>(source: z.ZodType<S>): z.ZodType<Frame & { source: S }> {
  return z.strictObject({ source, ...commonKeys }).meta({ title: 'recipe' });
}

function metadataSource(type: ConnectorType): z.ZodType<MetadataRecipe['source']> {
  const connection: z.ZodType<ConnectionConfig> = CONNECTIONS[type];
  return z
    .strictObject({
      type: z.literal(type),
      serviceName,
      serviceConnection: serviceConnection(connection),
      sourceConfig: sourceConfig(databaseMetadataConfig),
    })
    .meta({ title: 'source' });
}

function lineageSource(types: string[], connection: z.ZodType<LineageConnection>): z.ZodType<LineageRecipe['source']> {
  return z
    .strictObject({
      type: z.literal(types),
      serviceName,
      serviceConnection: serviceConnection(connection),
      sourceConfig: sourceConfig(databaseLineageConfig),
    })
    .meta({ title: 'source' });
}

export type ConnectionConfig = MysqlConnectionConfig | SnowflakeConnectionConfig | SqliteConnectionConfig;

/** Of a type without a connector: as the recipe has it, not checked. */
export type LineageConnection = ConnectionConfig | Readonly<Record<string, unknown>>;

/** A recipe of a metadata run. Secret leaves hold references. */
export interface MetadataRecipe extends Frame {
  readonly kind: 'metadata';
  readonly source: {
    readonly type: ConnectorType;
    readonly serviceName: string;
    /** Absent: taken from the service in OpenMetadata. */
    readonly serviceConnection?: { readonly config: ConnectionConfig };
    readonly sourceConfig: { readonly config: DatabaseMetadataConfig };
  };
}

/** A recipe of a lineage run. Secret leaves hold references. */
export interface LineageRecipe extends Frame {
  readonly kind: 'lineage';
  readonly source: {
    /** Without the `-lineage`. Another type than a connector's when queryLogFilePath is given. */
    readonly type: string;
    readonly serviceName: string;
    readonly serviceConnection?: { readonly config: LineageConnection };
    readonly sourceConfig: { readonly config: DatabaseLineageConfig };
  };
}

export type Recipe = MetadataRecipe | LineageRecipe;
