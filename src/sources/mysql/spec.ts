import { TEST_STEPS } from '../common/connection-test-steps.js';
import { readDriverArguments } from './driver-arguments.js';
import { defineSource } from '../define-source.js';
import { mysqlChanging } from './changing-functions.js';
import { mysqlConnectionConfig } from './config.js';

/** MySQL 5.7 and later, MariaDB 10.3 and later, and whatever speaks their protocol (RDS, Aurora, Percona). */
export const mysqlSource = defineSource({
  type: 'mysql',
  serviceType: 'Mysql',
  dialect: 'mysql',
  unquotedNames: 'as-written',
  connection: mysqlConnectionConfig,
  supports: ['query-log', 'usage-log', 'measures', 'procedures'],
  measured: { TIME: 'time' },
  changing: mysqlChanging,
  backslashIn: `'"`,
  connectionTest: [TEST_STEPS.access, TEST_STEPS.schemas, TEST_STEPS.tables, TEST_STEPS.views, TEST_STEPS.queries],
  // the lists of a schema are read in parallel
  sessions: { sharedBy: ({ hostPort }) => hostPort, each: 4, least: 2, measuring: 1 },
  driverArguments: readDriverArguments,
  movedKeys: [{ from: ['password'], to: ['authType', 'password'] }],
  load: async () => (await import('./connector.js')).mysqlConnector,
});
