import { TEST_STEPS } from '../common/connection-test-steps.js';
import { readDriverArguments } from './driver-arguments.js';
import { usesToken } from '../common/login-way.js';
import { postgresChanging } from '../common/postgres-changing.js';
import { defineSource } from '../define-source.js';
import { postgresConnectionConfig } from './config.js';

/** PostgreSQL 12 and later, and what is one (RDS, Aurora, Cloud SQL, Azure). */
export const postgresSource = defineSource({
  type: 'postgres',
  serviceType: 'Postgres',
  dialect: 'postgres',
  unquotedNames: 'lower',
  connection: postgresConnectionConfig,
  supports: ['query-log', 'usage-log', 'usage-counted', 'measures', 'sampling-methods', 'tags', 'owners', 'procedures'],
  ...{ changing: postgresChanging, backslashIn: '' },
  measured: { TIME: 'time', BIT: 'counts', INET: 'counts', CIDR: 'counts', MACADDR: 'counts' },
  connectionTest: [
    TEST_STEPS.access,
    TEST_STEPS.databases,
    TEST_STEPS.schemas,
    TEST_STEPS.tables,
    TEST_STEPS.views,
    { name: 'GetTags', description: 'Lists the row-level security policies.', mandatory: false },
    TEST_STEPS.queries,
    { name: 'GetColumnMetadata', description: 'Lists the columns of a table.', mandatory: false },
    { name: 'GetTableComments', description: 'Lists the comments of tables.', mandatory: false },
    { name: 'GetInformationSchemaColumns', description: 'Lists the columns by information_schema.', mandatory: false },
  ],
  sessions: { sharedBy: ({ hostPort }) => hostPort, each: 2 },
  driverArguments: readDriverArguments,
  movedKeys: [{ from: ['password'], to: ['authType', 'password'] }],
  // a token goes over TLS whatever sslMode says
  idleKeys: ({ sslConfig, sslMode, authType, connectionArguments: given = {}, connectionOptions = {} }) =>
    sslConfig !== undefined &&
    sslMode === 'disable' &&
    !usesToken(authType) &&
    !('sslmode' in { ...given, ...connectionOptions })
      ? { sslConfig: 'sslMode is `disable`, so that nothing is encrypted. Write `verify-full`' }
      : {},
  load: async () => (await import('./connector.js')).postgresConnector,
});
