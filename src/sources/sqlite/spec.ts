import type { SourceSpec } from '../source.js';
import { checkSqlite } from './check.js';
import { sqliteConnectionConfig, type SqliteConnectionConfig } from './config.js';
import { openSqliteMeasures } from './measures.js';
import { openSqliteMetadata } from './metadata.js';

export const sqliteSource: SourceSpec<SqliteConnectionConfig> = {
  type: 'sqlite',
  serviceType: 'SQLite',
  dialect: 'sqlite',
  parseConfig: (value) => sqliteConnectionConfig.parse(value),
  openMetadata: openSqliteMetadata,
  check: (config, context) => checkSqlite(config, context),
  openMeasures: openSqliteMeasures,
};
