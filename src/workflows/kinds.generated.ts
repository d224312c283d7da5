// Written by `npm run kinds` from src/contract/kinds.ts: do not edit.

export { metadataWorkflow } from './metadata-workflow.js';
export { lineageWorkflow } from './lineage-workflow.js';
export { usageWorkflow } from './usage-workflow.js';
export { profilerWorkflow } from './profiler-workflow.js';
export { testSuiteWorkflow } from './test-suite-workflow.js';
