/** The workflow types of this worker. Their names are typed by users and never change. */
export { metadataWorkflow } from './metadata-workflow.js';
