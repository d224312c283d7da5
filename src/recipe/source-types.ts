import { sourceTypes } from '../sources/index.js';

/** Database types that OpenMetadata knows: its serviceTypes in lower case, and `query-log`. */
const OPENMETADATA_TYPES: readonly string[] = [
  'query-log',
  ...['athena', 'azuresql', 'bigquery', 'bigtable', 'burstiq', 'cassandra', 'clickhouse', 'cockroach', 'couchbase'],
  ...['customdatabase', 'databricks', 'datalake', 'db2', 'deltalake', 'domodatabase', 'doris', 'dremio', 'druid'],
  ...['dynamodb', 'epic', 'exasol', 'glue', 'greenplum', 'hive', 'impala', 'informix', 'iomete', 'mariadb'],
  ...['microsoftaccess', 'microsoftfabric', 'mongodb', 'mssql', 'oracle', 'pinotdb', 'postgres', 'presto', 'questdb'],
  ...['redshift', 's3', 'salesforce', 'sapbw4hana', 'saperp', 'saphana', 'sapsuccessfactors', 'sas', 'servicenow'],
  ...['singlestore', 'ssas', 'starrocks', 'synapse', 'teradata', 'timescale', 'trino', 'unitycatalog', 'vertica'],
];

/**
 * Types whose query logs can be read from files, so that `<type>-lineage` with queryLogFilePath runs even without a
 * connector.
 */
export function knownTypes(): readonly string[] {
  return [...new Set([...sourceTypes(), ...OPENMETADATA_TYPES])];
}
