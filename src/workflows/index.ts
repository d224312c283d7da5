/** The workflow types of this worker. Their names are typed by users and never change. */
export { explainWorkflow } from './explain-workflow.js';
export { journalWorkflow } from './journal-workflow.js';
export { lineageWorkflow } from './lineage-workflow.js';
export { testSuiteWorkflow } from './test-suite-workflow.js';
export { metadataWorkflow } from './metadata-workflow.js';
export { profilerWorkflow } from './profiler-workflow.js';
export { usagePublishWorkflow } from './publish-alone.js';
export { sourceSessionsWorkflow } from './source-sessions.js';
export { usageWorkflow } from './usage-workflow.js';
