import { PACKAGE_VERSION } from '../package-version.js';

/**
 * The tag by which a source's own tools tell who asks: `openmetadata-temporal-ingestion/0.1.0 metadata <run id>`.
 * @param what the workflow's kind and run, or the command
 */
export function runTag(what: string): string {
  return `openmetadata-temporal-ingestion/${PACKAGE_VERSION} ${what}`;
}
