/** Part of the build: writes the workflow bundles beside the compiled files. */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ENCODED_FAILURES } from './encrypting-codec.js';
import { BUNDLE_FILE, bundleText, ENCODING_BUNDLE_FILE, WORKFLOWS_FILE } from './workflow-bundle.js';

const shared = { workflowsPath: WORKFLOWS_FILE, logger: new DefaultLogger('WARN') };
const { code } = await bundleWorkflowCode(shared);
await writeFile(BUNDLE_FILE, bundleText(code));
const encoding = await bundleWorkflowCode({ ...shared, failureConverterPath: ENCODED_FAILURES });
await writeFile(ENCODING_BUNDLE_FILE, bundleText(encoding.code));
