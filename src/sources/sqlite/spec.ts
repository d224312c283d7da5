import { TEST_STEPS } from '../common/connection-test-steps.js';
import { defineSource } from '../define-source.js';
import { sqliteConnectionConfig } from './config.js';

export const sqliteSource = defineSource({
  type: 'sqlite',
  serviceType: 'SQLite',
  dialect: 'sqlite',
  unquotedNames: 'as-written',
  connection: sqliteConnectionConfig,
  supports: ['measures', 'rows-hashed-here'],
  measured: { TIME: 'time' },
  backslashIn: '',
  connectionTest: [TEST_STEPS.access, TEST_STEPS.schemas, TEST_STEPS.tables, TEST_STEPS.views],
  load: async () => (await import('./connector.js')).sqliteConnector,
});
