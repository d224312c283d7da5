import type { FastifyInstance } from 'fastify';
import { badRequest } from './api-error.js';
import { noSuchCall } from './no-such-call.js';
import { objectOf, textOf, type Json, type JsonObject } from './json-value.js';

/** The lines of OpenMetadata's releases that the catalog can imitate. */
export const RELEASES = ['1.13', '2.0', '2.1'] as const;
export type Release = (typeof RELEASES)[number];

/** The release whose API this is, except for what `playRelease` takes away. */
export const DEFAULT_RELEASE: Release = '2.0';

/** What `/system/version` answers. */
export const RELEASE_VERSIONS: Readonly<Record<Release, string>> = { '1.13': '1.13.0', '2.0': '2.0.7', '2.1': '2.1.0' };

/** Calls that 1.13 is imitated without. Whether the real one has them is unknown: a client must manage without. */
const NOT_IN_1_13 = [
  /\/deleteStale$/,
  /\/bulk$/,
  /^\/api\/v1\/lineage\/(getLineageEdge\/|source\/)?(:fromType\/)?name\//,
];

/** Makes the API behave as that release where it is known to differ from 2.0. */
export function playRelease(api: FastifyInstance, release: Release): void {
  if (release === '1.13') {
    api.addHook('onRequest', (request, _reply, next) => {
      const route = request.routeOptions.url ?? '';
      next(NOT_IN_1_13.some((path) => path.test(route)) ? noSuchCall(request) : undefined);
    });
  }
  if (release === '2.1') {
    api.addHook('preHandler', (request, _reply, next) => {
      const route = request.routeOptions.url ?? '';
      next(refusedIn21(request.method, route, objectOf(request.body as Json | undefined)));
    });
  }
}

const EDGE_PIPELINES = new Set(['pipeline', 'storedProcedure']);

function refusedIn21(method: string, route: string, body: JsonObject | undefined): Error | undefined {
  if (method !== 'PUT' || body === undefined) return undefined;
  if (route === '/api/v1/services/ingestionPipelines') {
    const config = objectOf(objectOf(body['sourceConfig'])?.['config']);
    return textOf(config?.['type']) === undefined ? badRequest('sourceConfig.config.type is missing') : undefined;
  }
  if (!route.startsWith('/api/v1/lineage')) return undefined;
  const details = objectOf(objectOf(body['edge'])?.['lineageDetails']) ?? body;
  const type = textOf(objectOf(details['pipeline'])?.['type']);
  return type === undefined || EDGE_PIPELINES.has(type)
    ? undefined
    : badRequest(`The pipeline of an edge must be a pipeline or a storedProcedure, found: ${type}`);
}
