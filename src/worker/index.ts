export { createWorker, type CreateWorkerOptions, type IngestionWorker } from './create-worker.js';
export { WORKER_VARIABLES, readWorkerSettings, type WorkerSettings } from './settings.js';
export { loadTemporalConfig } from './temporal-config.js';
export { TemporalSettingsError } from './temporal-settings-error.js';
export { collectSooner } from './heap-growth.js';
export { makeLogger } from './logging.js';
