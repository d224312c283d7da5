import type { ConnectionTestStep } from '../source-spec.js';

/** The steps of OpenMetadata's connection tests, by the names that its UI knows. */
export const TEST_STEPS = {
  access: {
    name: 'CheckAccess',
    description: 'Connects with the given address and credentials.',
    mandatory: true,
    shortCircuit: true,
  },
  databases: { name: 'GetDatabases', description: 'Lists the databases.', mandatory: true },
  schemas: { name: 'GetSchemas', description: 'Lists the schemas.', mandatory: true },
  tables: { name: 'GetTables', description: 'Lists the tables of a schema.', mandatory: true },
  views: { name: 'GetViews', description: 'Lists the views of a schema.', mandatory: false },
  queries: { name: 'GetQueries', description: 'Reads the log of past queries.', mandatory: false },
} as const satisfies Readonly<Record<string, ConnectionTestStep>>;
