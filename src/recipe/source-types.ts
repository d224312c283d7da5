import {
  mysqlConnectionConfig,
  snowflakeConnectionConfig,
  sqliteConnectionConfig,
} from '../sources/connection-configs.js';

/** Connectors of this project, by lower-case `source.type`. */
export const CONNECTIONS = {
  mysql: mysqlConnectionConfig,
  snowflake: snowflakeConnectionConfig,
  sqlite: sqliteConnectionConfig,
} as const;

export type ConnectorType = keyof typeof CONNECTIONS;
export const CONNECTOR_TYPES = ['mysql', 'snowflake', 'sqlite'] as const satisfies readonly ConnectorType[];

export function isConnector(type: string): type is ConnectorType {
  return Object.hasOwn(CONNECTIONS, type);
}

/**
 * Database types that OpenMetadata knows (its serviceType, lower-case, and `query-log`). Their query logs can be read from files,
 * so that `<type>-lineage` with queryLogFilePath runs also without a connector.
 */
export const KNOWN_TYPES: readonly string[] = [
  ...CONNECTOR_TYPES,
  'query-log',
  ...['athena', 'azuresql', 'bigquery', 'bigtable', 'burstiq', 'cassandra', 'clickhouse', 'cockroach', 'couchbase'],
  ...['customdatabase', 'databricks', 'datalake', 'db2', 'deltalake', 'domodatabase', 'doris', 'dremio', 'druid'],
  ...['dynamodb', 'epic', 'exasol', 'glue', 'greenplum', 'hive', 'impala', 'informix', 'iomete', 'mariadb'],
  ...['microsoftaccess', 'microsoftfabric', 'mongodb', 'mssql', 'oracle', 'pinotdb', 'postgres', 'presto', 'questdb'],
  ...['redshift', 's3', 'salesforce', 'sapbw4hana', 'saperp', 'saphana', 'sapsuccessfactors', 'sas', 'servicenow'],
  ...['singlestore', 'ssas', 'starrocks', 'synapse', 'teradata', 'timescale', 'trino', 'unitycatalog', 'vertica'],
];

/** What OpenMetadata runs and this version doesn't yet: suffix of source.type or sourceConfig.config.type → the workflow's name. */
export const LATER_SUFFIXES: Readonly<Record<string, string>> = { usage: 'usage' };
export const LATER_CONFIGS: Readonly<Record<string, string>> = {
  DatabaseUsage: 'usage',
  Profiler: 'profiler',
  AutoClassification: 'auto-classification',
  TestSuite: 'data quality',
};
