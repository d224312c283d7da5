/** The workflow types of this worker. Their names are typed by users and never change. */
export * from './kinds.generated.js';
export { explainWorkflow } from './explain-workflow.js';
export { journalWorkflow } from './journal-workflow.js';
export { usagePublishWorkflow } from './publish-alone.js';
export { sourceSessionsWorkflow } from './source-sessions.js';
