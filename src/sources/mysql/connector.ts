import type { Connector } from '../source-spec.js';
import { checkMysql, checkMysqlQueryLog } from './check.js';
import type { MysqlConnectionConfig } from './config.js';
import { openMysqlMeasures } from './measures.js';
import { openMysqlMetadata } from './metadata.js';
import { openMysqlQueryLog } from './query-log.js';
import { openMysqlUsageLog } from './usage-log.js';

export const mysqlConnector: Connector<MysqlConnectionConfig> = {
  openMetadata: openMysqlMetadata,
  check: checkMysql,
  openQueryLog: openMysqlQueryLog,
  checkQueryLog: checkMysqlQueryLog,
  openUsageLog: openMysqlUsageLog,
  checkUsageLog: checkMysqlQueryLog,
  openMeasures: openMysqlMeasures,
};
