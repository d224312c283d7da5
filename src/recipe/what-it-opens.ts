import { trySplitFqn } from '../openmetadata/index.js';

/** sourceConfig.config, checked or as it was written. */
type SourceSettings = Readonly<Record<string, unknown>>;

/** Whether a run opens no source: its query log is in files, or isn't wanted. */
export function opensNoSource(config: SourceSettings): boolean {
  return config['queryLogFilePath'] !== undefined || config['processQueryLineage'] === false;
}

/** The service of the table whose tests a recipe runs; undefined when it names none. */
export function testedService(config: SourceSettings): string | undefined {
  const fqn = config['entityFullyQualifiedName'];
  return typeof fqn === 'string' ? trySplitFqn(fqn)?.[0] : undefined;
}
