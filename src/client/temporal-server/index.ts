export { cacheFolder } from './cache-folder.js';
export { DatabaseFileInUseError, startDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
export {
  findTemporal,
  type FindTemporalOptions,
  type TemporalExecutable,
  type TemporalOrigin,
} from './find-temporal.js';
export { NoTemporalServerError } from './no-temporal-server-error.js';
export { freePortLike, freePorts } from './free-ports.js';
