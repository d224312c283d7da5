/** Part of the build: writes the workflow bundle beside the compiled files. */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { BUNDLE_FILE, bundleText, WORKFLOWS_FILE } from './workflow-bundle.js';

const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_FILE, logger: new DefaultLogger('WARN') });
await writeFile(BUNDLE_FILE, bundleText(code));
