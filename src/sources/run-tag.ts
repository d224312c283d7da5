import { PACKAGE_VERSION } from '../package-version.js';

/** How each such tag begins, whatever the version. */
export const RUN_TAG = 'openmetadata-temporal-ingestion/';

/**
 * The tag by which a source's own tools tell who asks: `openmetadata-temporal-ingestion/0.1.0 metadata <run id>`.
 * @param what the workflow's kind and run, or the command
 */
export function runTag(what: string): string {
  return `${RUN_TAG}${PACKAGE_VERSION} ${what}`;
}
