import type { FastifyInstance } from 'fastify';
import { RELEASE_VERSIONS, type Release } from '../release.js';

/** What a client asks for first. */
export function systemRoutes(server: FastifyInstance, release: Release): void {
  const version = RELEASE_VERSIONS[release];
  server.get('/system/version', () => ({ version, revision: 'local-catalog', timestamp: Date.now() }));
}
