import type { Connector } from '../source-spec.js';
import { checkSqlite } from './check.js';
import type { SqliteConnectionConfig } from './config.js';
import { openSqliteMeasures } from './measures.js';
import { openSqliteMetadata } from './metadata.js';

export const sqliteConnector: Connector<SqliteConnectionConfig> = {
  openMetadata: openSqliteMetadata,
  check: (config, context) => checkSqlite(config, context),
  openMeasures: openSqliteMeasures,
};
