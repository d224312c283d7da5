import { z } from 'zod';
import { secretLeaf } from '../../secrets/index.js';
import {
  connectionArguments,
  connectionOptions,
  supportsFlags,
  sampleDataStorageConfig,
  uiFilterPatterns,
} from '../common/config-parts.js';
import { withoutEffect } from '../common/no-effect.js';

/** serviceConnection.config of `source.type: sqlite`. */
export const sqliteConnectionConfig = z
  .strictObject({
    type: z.literal('SQLite').default('SQLite').describe('Chooses these keys.'),
    scheme: z
      .literal('sqlite+pysqlite')
      .default('sqlite+pysqlite')
      .describe('Kept for OpenMetadata; the driver is fixed.'),
    databaseMode: z
      .string()
      .min(1)
      .refine((path) => path !== ':memory:', {
        error: 'is `:memory:`, a database that only its own process sees. Give the path of a database file.',
      })
      .describe('Path of the database file.'),
    database: z.exactOptional(z.string()).describe('Name that the database gets in OpenMetadata.'),
    hostPort: withoutEffect(z.exactOptional(z.string()), 'a file has no host.'),
    username: withoutEffect(z.exactOptional(z.string()), 'a file has no users.'),
    password: z.exactOptional(withoutEffect(secretLeaf(), 'a file has no users.')),
    connectionOptions: z.exactOptional(connectionOptions),
    connectionArguments: z.exactOptional(connectionArguments),
    sampleDataStorageConfig: z.exactOptional(sampleDataStorageConfig),
    schemaFilterPattern: uiFilterPatterns.schemaFilterPattern,
    tableFilterPattern: uiFilterPatterns.tableFilterPattern,
    databaseFilterPattern: uiFilterPatterns.databaseFilterPattern,
    ...supportsFlags('MetadataExtraction', 'DBTExtraction', 'Profiler', 'QueryComment', 'ViewLineageExtraction'),
  })
  .meta({ id: 'SqliteConnection', title: 'SQLite connection' });

export type SqliteConnectionConfig = z.infer<typeof sqliteConnectionConfig>;
