/** A source to be run while things break: a warehouse in two states, and a record of what is asked of it. */
export interface FaultSource {
  /** `source.type` and `source.serviceConnection` of a recipe, YAML with references into `env`. */
  readonly connection: string;
  /** Of the workers. `LAB_PASSWORD` is the source's password. */
  readonly env: Readonly<Record<string, string>>;
  /** Chunks that the second state is extracted into. */
  readonly chunks: number;
  /** Tables and procedures that the second state has no more. */
  readonly dropped: number;
  /** Takes the warehouse to its second state. */
  change(): Promise<void>;
  /** Reads are told from now on. */
  markReads(): Promise<void>;
  /** What was read of the schemas' columns since the mark. */
  columnReads(): Promise<readonly ColumnRead[]>;
  stop(): Promise<void>;
}

/** A read of a schema's columns, the biggest of the catalogue statements. */
export interface ColumnRead {
  readonly schema: string;
  /** Only tables from this name on were asked for; `''` = all. */
  readonly from: string;
  /** Whether the table named `from` was asked for as well. */
  readonly inclusive: boolean;
}

export const SERVICE = 'warehouse';
export const PIPELINE = `${SERVICE}.metadata`;

/** The recipe of every trial: schemas `w00`, `w01`, …, small batches, two of everything at once. */
export function faultRecipe({ connection }: Pick<FaultSource, 'connection'>): string {
  return `
source:
  ${connection.trim().replaceAll('\n', '\n  ')}
  serviceName: ${SERVICE}
  sourceConfig:
    config:
      type: DatabaseMetadata
      schemaFilterPattern: {includes: ["w[0-9]+$"]}
      threads: 2
sink: {type: metadata-rest, config: {bulk_sink_batch_size: 25, async_pipeline_workers: 2}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${LAB_CATALOG}
    authProvider: openmetadata
    storeServiceConnection: false
    securityConfig: {jwtToken: "\${LAB_TOKEN}"}
ingestionPipelineFQN: ${PIPELINE}
`;
}
