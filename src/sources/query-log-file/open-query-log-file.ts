import { hasOwnHead } from '../common/log-patterns.js';
import type { LogRecord, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import { openLogFiles, toQuery } from './open-log-files.js';

/**
 * A query log in CSV files, read for lineage, see `openLogFiles`.
 * @throws PermanentError when there is no such file, or a file has no `query_text`
 */
export function openQueryLogFile(
  filePath: string,
  context: Pick<SourceContext, 'signal' | 'onWarning'>
): Promise<QueryLogSource> {
  return openLogFiles<LogRecord>(filePath, context, {
    toRecord: (row) => ({ kind: 'query', ...toQuery(row), ...(hasOwnHead(row.query_text) ? { own: true } : {}) }),
    unreadable: (where, reason) => ({ kind: 'unreadable', where, reason }),
  });
}
