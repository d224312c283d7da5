import type { Connector } from '../source-spec.js';
import { checkSnowflakeQueryLog } from './history/check-query-log.js';
import { checkSnowflake } from './check.js';
import type { SnowflakeConnectionConfig } from './config.js';
import { openSnowflakeMeasures } from './measures.js';
import { openSnowflakeMetadata } from './metadata.js';
import { openSnowflakeQueryLog } from './query-log.js';
import { openSnowflakeUsageLog } from './usage-log.js';
import { checkSnowflakeUsageLog } from './history/usage-log-windows.js';

export const snowflakeConnector: Connector<SnowflakeConnectionConfig> = {
  openMetadata: (config, context) => openSnowflakeMetadata(config, context),
  check: (config, context, options, selection) => checkSnowflake(config, context, options, undefined, selection),
  openMeasures: openSnowflakeMeasures,
  openQueryLog: (config, context) => openSnowflakeQueryLog(config, context),
  checkQueryLog: (config, context, options) => checkSnowflakeQueryLog(config, context, options),
  openUsageLog: (config, context) => openSnowflakeUsageLog(config, context),
  checkUsageLog: (config, context, options) => checkSnowflakeUsageLog(config, context, options),
};
