import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/** Where `npm run build` puts the bundle; it is part of the package. */
export const BUNDLE_FILE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
export const WORKFLOWS_FILE = fileURLToPath(new URL('../workflows/index.js', import.meta.url));

/** The prebuilt bundle when there is one (it saves seconds at each start), else the compiled workflow files. */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle'> | Pick<WorkerOptions, 'workflowsPath'> {
  return existsSync(BUNDLE_FILE) ? { workflowBundle: { codePath: BUNDLE_FILE } } : { workflowsPath: WORKFLOWS_FILE };
}
