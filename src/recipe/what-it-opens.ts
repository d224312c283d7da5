import { trySplitFqn } from '../openmetadata/index.js';
import { findSource, isSourceType } from '../sources/index.js';
import type { DatabaseLineageConfig } from './kinds/lineage.js';

/** sourceConfig.config, checked or as it was written. */
type SourceSettings = Readonly<Record<string, unknown>>;

/** Whether a run opens no source: its query log is in files, or isn't wanted. */
export function opensNoSource(config: SourceSettings): boolean {
  return config['queryLogFilePath'] !== undefined || config['processQueryLineage'] === false;
}

/** Whether a lineage run reads a query log: the recipe wants it, and there is one. */
export function readsQueryLog(source: {
  readonly type: string;
  readonly sourceConfig: { readonly config: DatabaseLineageConfig };
}): boolean {
  const {
    type,
    sourceConfig: { config },
  } = source;
  if (!config.processQueryLineage) return false;
  return (
    config.queryLogFilePath !== undefined || !isSourceType(type) || findSource(type).supports.includes('query-log')
  );
}

/** The service of the table whose tests a recipe runs; undefined when it names none. */
export function testedService(config: SourceSettings): string | undefined {
  const fqn = config['entityFullyQualifiedName'];
  return typeof fqn === 'string' ? trySplitFqn(fqn)?.[0] : undefined;
}
