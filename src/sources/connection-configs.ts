/** The models of serviceConnection.config, one a connector: what the recipe room checks, without loading any driver. */
export { mysqlConnectionConfig } from './mysql/config.js';
export type { MysqlConnectionConfig } from './mysql/config.js';
export { snowflakeConnectionConfig } from './snowflake/config.js';
export type { SnowflakeConnectionConfig } from './snowflake/config.js';
export { sqliteConnectionConfig } from './sqlite/config.js';
export type { SqliteConnectionConfig } from './sqlite/config.js';
