import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { isTooDeepText, parseExactJson, parseMarked, TOO_DEEP, withoutMarks } from '../openmetadata/index.js';
import { ApiError, badRequest } from './api-error.js';
import type { Catalog } from './catalog.js';
import { namesSettings, withExactSettings } from './bodies/exact-settings.js';
import { ALL_KINDS } from './kinds/all-kinds.js';
import { noSuchCall } from './no-such-call.js';
import { onlyKnownHosts } from './known-hosts.js';
import { playRelease } from './release.js';
import { deleteRoutes } from './routes/delete-routes.js';
import { entityRoutes } from './routes/entity-routes.js';
import { lineageRoutes } from './routes/lineage-routes.js';
import { pageRoutes } from './routes/page-routes.js';
import { pipelineStatusRoutes } from './routes/pipeline-status-routes.js';
import { profileRoutes } from './routes/profile-routes.js';
import { profilerConfigRoutes } from './routes/profiler-config-routes.js';
import { queryUseRoutes } from './routes/query-use-routes.js';
import { searchRoutes } from './routes/search-routes.js';
import { systemRoutes } from './routes/system-routes.js';
import { testRoutes } from './routes/test-routes.js';
import { testConnectionRoutes } from './routes/test-connection-routes.js';
import { usageRoutes } from './routes/usage-routes.js';

const BODY_LIMIT = 64 * 1024 * 1024;
/** An FQN of 3072 characters may take nine bytes each once it is percent-encoded. */
const MAX_PATH_PART = 32 * 1024;
const MAX_HEADER_BYTES = 128 * 1024;

export interface HttpOptions {
  /** Called once for every call below /api. */
  readonly onRequest: () => void;
  /** Other names than this host's own under which the pages are asked for. */
  readonly hosts?: readonly string[];
}

/** The REST API, not yet listening. */
export function buildServer(catalog: Catalog, options: HttpOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    forceCloseConnections: true,
    // only calls that match no route come here: a path with a broken percent sign.
    frameworkErrors: (error, _request, reply) => {
      const answer = reply as FastifyReply;
      void answer.code(400).send(badRequest(error.message).body());
    },
  });
  acceptJson(server);
  server.decorateRequest('actor', null);
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = toApiError(error);
    if (answer.status >= 500) catalog.logger.warn(`${request.method} ${request.url}: ${error.stack ?? error.message}`);
    void reply.code(answer.status).send(answer.body());
  });
  void server.register(
    (api, _options, done) => {
      api.addHook('onRequest', (request, _reply, next) => {
        options.onRequest();
        request.actor = catalog.tokens.check(request.headers.authorization);
        next();
      });
      // a table's profiler settings are stored with the marks
      api.addHook('onSend', (_request, _reply, payload, next) =>
        next(null, typeof payload === 'string' ? withoutMarks(payload) : payload)
      );
      api.setNotFoundHandler((request) => {
        throw noSuchCall(request);
      });
      playRelease(api, catalog.release);
      systemRoutes(api, catalog.release);
      testConnectionRoutes(api);
      pipelineStatusRoutes(api, catalog);
      lineageRoutes(api, catalog);
      usageRoutes(api, catalog);
      queryUseRoutes(api, catalog);
      searchRoutes(api, catalog);
      testRoutes(api, catalog);
      profileRoutes(api, catalog);
      profilerConfigRoutes(api, catalog);
      for (const kind of ALL_KINDS) {
        entityRoutes(api, catalog, kind);
        deleteRoutes(api, catalog, kind);
      }
      done();
    },
    { prefix: '/api/v1' }
  );
  void server.register((pages, _options, done) => {
    onlyKnownHosts(pages, options.hosts ?? []);
    pageRoutes(pages, catalog);
    done();
  });
  return server;
}

/** JSON bodies only. An empty body counts as none: clients send the Content-Type with every DELETE. */
function acceptJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addContentTypeParser(
    ['application/json', 'application/json-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else if (isTooDeepText(body.toString())) done(badRequest(TOO_DEEP));
      else
        void parse(request, body.toString(), (error, value) => {
          const [, exact] =
            /\/(tableProfile|tableProfilerConfig|sampleData|failedRowsSample)(?:\?|$)/.exec(request.url) ?? [];
          const mayHaveSettings =
            exact !== undefined || (/\/tables(?:[/?]|$)/.test(request.url) && namesSettings(body.toString()));
          if (error !== null || !mayHaveSettings) done(error, value);
          else if (exact === undefined) done(null, withExactSettings(body.toString()));
          else if (exact === 'tableProfilerConfig') done(null, parseMarked(body.toString()));
          else done(null, parseExactJson(body.toString(), exact === 'tableProfile' ? 'whole' : 'decimals'));
        });
    }
  );
}

function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (error.code === 'SQLITE_BUSY') return new ApiError(503, 'The catalog file is locked by another process');
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code ?? ''))
    return new ApiError(500, 'The catalog file is damaged: start it on a copy or on another file');
  if (error.code?.startsWith('SQLITE_READONLY'))
    return new ApiError(500, 'The catalog file can not be written by this user');
  if (error.code?.startsWith('SQLITE_IOERR'))
    return new ApiError(500, 'The catalog file can not be read or written: the disk answers with an error');
  if (error.code === 'SQLITE_FULL') return new ApiError(507, 'The disk of the catalog file is full');
  if (error.statusCode !== undefined && error.statusCode < 500) return new ApiError(error.statusCode, error.message);
  return new ApiError(500, 'The catalog could not do this; its log says why');
}
