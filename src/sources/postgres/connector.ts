import type { Connector } from '../source-spec.js';
import { checkPostgres } from './check.js';
import type { PostgresConnectionConfig } from './config.js';
import { openPostgresMeasures } from './measures.js';
import { openPostgresMetadata } from './metadata.js';
import { openPostgresQueryLog } from './query-log.js';
import { checkPostgresQueryLog } from './query-log-check.js';
import { checkPostgresUsageLog, openPostgresUsageLog } from './usage-log.js';

export const postgresConnector: Connector<PostgresConnectionConfig> = {
  openMetadata: openPostgresMetadata,
  check: checkPostgres,
  openQueryLog: openPostgresQueryLog,
  checkQueryLog: checkPostgresQueryLog,
  openUsageLog: openPostgresUsageLog,
  checkUsageLog: checkPostgresUsageLog,
  openMeasures: openPostgresMeasures,
};
