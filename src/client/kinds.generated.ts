// Written by `npm run kinds` from src/contract/kinds.ts: do not edit.

export { MetadataWorkflow } from './metadata-workflow.js';
export { LineageWorkflow } from './lineage-workflow.js';
export { UsageWorkflow } from './usage-workflow.js';
export { ProfilerWorkflow } from './profiler-workflow.js';
export { TestSuiteWorkflow } from './test-suite-workflow.js';
