export { cacheFolder } from './cache-folder.js';
export { DatabaseFileInUseError, startDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
export {
  findTemporal,
  NoTemporalServerError,
  type FindTemporalOptions,
  type TemporalExecutable,
  type TemporalOrigin,
} from './find-temporal.js';
export { freePortLike, freePorts } from './free-ports.js';
