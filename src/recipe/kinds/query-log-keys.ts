import { z } from 'zod';

/** Keys of sourceConfig.config that say which queries are read, the same for lineage and usage. */
export const queryLogKeys = {
  queryLogDuration: z.int().min(0).default(1).describe('Days before today, in UTC, from which the query log is read.'),
  queryLogFilePath: z
    .exactOptional(z.string().min(1))
    .describe('CSV file, or directory of CSV files, read instead of the query log.'),
  filterCondition: z.exactOptional(z.string()).describe('SQL condition on the query log, added by AND.'),
};
