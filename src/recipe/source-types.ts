import {
  mysqlConnectionConfig,
  snowflakeConnectionConfig,
  sqliteConnectionConfig,
} from '../sources/connection-configs.js';
import type { ConnectionModel } from './kinds/index.js';

/** Models of serviceConnection.config by lower-case `source.type`. */
const CONNECTIONS: ReadonlyMap<string, ConnectionModel> = new Map<string, ConnectionModel>([
  ['mysql', mysqlConnectionConfig],
  ['snowflake', snowflakeConnectionConfig],
  ['sqlite', sqliteConnectionConfig],
]);

/** Types that have a connector, in lower case. */
export const CONNECTOR_TYPES: readonly string[] = [...CONNECTIONS.keys()];

/** The model of a connector's serviceConnection.config; undefined for a type without a connector. */
export function connectionModel(type: string): ConnectionModel | undefined {
  return CONNECTIONS.get(type);
}

export function isConnector(type: string): boolean {
  return CONNECTIONS.has(type);
}

/**
 * Database types that OpenMetadata knows (its serviceType, lower-case, and `query-log`). Their query logs can be read from files,
 * so that kinds that read them (`<type>-lineage` with queryLogFilePath) run also without a connector.
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
