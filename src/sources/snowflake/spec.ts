import type { SourceSpec } from '../source.js';
import { checkSnowflakeQueryLog } from './check-query-log.js';
import { checkSnowflake } from './check.js';
import { snowflakeConnectionConfig, type SnowflakeConnectionConfig } from './config.js';
import { openSnowflakeMetadata } from './metadata.js';
import { openSnowflakeQueryLog } from './query-log.js';

export const snowflakeSource: SourceSpec<SnowflakeConnectionConfig> = {
  type: 'snowflake',
  serviceType: 'Snowflake',
  dialect: 'snowflake',
  parseConfig: (value) => snowflakeConnectionConfig.parse(value),
  openMetadata: (config, context) => openSnowflakeMetadata(config, context),
  openQueryLog: (config, context) => openSnowflakeQueryLog(config, context),
  checkQueryLog: (config, context, options) => checkSnowflakeQueryLog(config, context, options),
  check: (config, context, options) => checkSnowflake(config, context, options),
};
