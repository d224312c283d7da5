import type { SourceSpec } from '../source.js';
import { checkMysql, checkMysqlQueryLog } from './check.js';
import { mysqlConnectionConfig, type MysqlConnectionConfig } from './config.js';
import { openMysqlMeasures } from './measures.js';
import { openMysqlMetadata } from './metadata.js';
import { openMysqlQueryLog } from './query-log.js';

/** MySQL 5.7 and later, MariaDB 10.3 and later, and what speaks their protocol (RDS, Aurora, Percona). */
export const mysqlSource: SourceSpec<MysqlConnectionConfig> = {
  type: 'mysql',
  serviceType: 'Mysql',
  dialect: 'mysql',
  parseConfig: (value) => mysqlConnectionConfig.parse(value),
  openMetadata: openMysqlMetadata,
  check: checkMysql,
  openQueryLog: openMysqlQueryLog,
  checkQueryLog: checkMysqlQueryLog,
  openMeasures: openMysqlMeasures,
};
