import type { FastifyInstance } from 'fastify';
import { SERVER_VERSION } from '../catalog.js';

/** What a client asks first. */
export function systemRoutes(server: FastifyInstance): void {
  server.get('/system/version', () => ({ version: SERVER_VERSION, revision: 'local-catalog', timestamp: Date.now() }));
}
