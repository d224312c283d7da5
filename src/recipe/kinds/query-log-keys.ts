import { z } from 'zod';
import { refusedAsWriting } from '../../sources/index.js';

/** Keys of sourceConfig.config that say which queries are read, the same for lineage and usage. */
export const queryLogKeys = {
  queryLogDuration: z.int().min(0).default(1).describe('Days before today, in UTC, from which the query log is read.'),
  queryLogFilePath: z
    .exactOptional(z.string().min(1))
    .describe('CSV file, or directory of CSV files, read instead of the query log.'),
  filterCondition: z
    .exactOptional(
      z.string().superRefine((sql, context) => {
        const refused = refusedAsWriting(sql, 'the condition', 'condition');
        if (refused !== undefined) context.addIssue(`${refused} Allowed: one condition that only reads.`);
      })
    )
    .describe('SQL condition on the query log, added by AND.'),
};
