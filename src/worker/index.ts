export { createWorker, type CreateWorkerOptions, type IngestionWorker } from './create-worker.js';
export { DEFAULT_TASK_QUEUE, WORKER_VARIABLES, readWorkerSettings, type WorkerSettings } from './settings.js';
export { collectSooner } from './heap-growth.js';
export { makeLogger } from './logging.js';
