export { snowflakeConnectionConfig, type SnowflakeConnectionConfig } from './config.js';
export type { Driver, DriverConnection, DriverExecuteOptions, DriverOptions, DriverStatement } from './driver.js';
export { openSnowflakeMetadata } from './metadata.js';
export { checkSnowflake } from './check.js';
export { snowflakeSource } from './spec.js';
