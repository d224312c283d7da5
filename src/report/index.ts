export * from './step-counts.js';
export * from './part-report.js';
export * from './run-report.js';
export { PartRecorder } from './part-recorder.js';
export { printReport } from './print-report.js';
export { toPipelineStatus } from './to-pipeline-status.js';
