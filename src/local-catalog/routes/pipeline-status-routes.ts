import { gunzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import { pipelineStatusBody, progressBody, runLogsBody } from '../bodies/pipeline-bodies.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import { withoutNulls } from '../json-value.js';
import type { EntityStub } from '../store/entity-store.js';
import { PipelineStatusStore } from '../store/pipeline-status-store.js';
import { actorOf, param, queryNumber, requireType } from './request-parts.js';

const PATH = '/services/ingestionPipelines';

/** Most uncompressed bytes of one batch of logs: a few of them must not fill the memory. */
const MAX_BATCH = 16 * 1024 * 1024;

/** Statuses, progress and logs of the runs of ingestion pipelines. */
export function pipelineStatusRoutes(server: FastifyInstance, { store }: Catalog): void {
  const statuses = new PipelineStatusStore(store.sqlite);

  server.put(`${PATH}/:fqn/pipelineStatus`, (request, reply) => {
    requireType(request, 'application/json');
    const pipeline = pipelineOf(request);
    const status = parseBody(pipelineStatusBody, request.body);
    const now = Date.now();
    statuses.put(pipeline.id, status.runId, status.timestamp ?? status.startDate ?? now, withoutNulls(status));
    void reply.code(201);
    return {
      eventType: 'entityUpdated',
      entityType: 'ingestionPipeline',
      entityId: pipeline.id,
      entityFullyQualifiedName: pipeline.fqn,
      userName: actorOf(request).name,
      timestamp: now,
    };
  });

  server.get(`${PATH}/:fqn/pipelineStatus`, (request) => {
    const from = queryNumber(request, 'startTs', 0, 0);
    const to = queryNumber(request, 'endTs', Number.MAX_SAFE_INTEGER, 0);
    const data = statuses.list(pipelineOf(request).id, from, to);
    return { data, paging: { total: data.length } };
  });

  server.get(`${PATH}/:fqn/pipelineStatus/:runId`, (request, reply) => {
    const status = statuses.find(pipelineOf(request).id, param(request, 'runId'));
    if (status !== undefined) return status;
    return reply.code(204).send();
  });

  server.put(`${PATH}/progress/:fqn/:runId`, (request, reply) => {
    requireType(request, 'application/json');
    const pipeline = pipelineOf(request);
    const runId = param(request, 'runId');
    const progress = parseBody(progressBody, request.body);
    if (progress.runId !== runId) throw badRequest(`runId: the path says ${runId}, the body ${progress.runId}`);
    statuses.putProgress(pipeline.id, runId, withoutNulls(progress));
    return reply.code(200).send();
  });

  server.post(`${PATH}/logs/:fqn/:runId`, (request, reply) => {
    requireType(request, 'application/json');
    const pipeline = pipelineOf(request);
    const { logs, compressed } = parseBody(runLogsBody, request.body);
    statuses.appendLog(pipeline.id, param(request, 'runId'), compressed === true ? inflated(logs) : logs);
    return reply.code(200).send();
  });

  server.post(`${PATH}/logs/:fqn/:runId/close`, (request, reply) => {
    statuses.closeLog(pipelineOf(request).id, param(request, 'runId'));
    return reply.code(200).send();
  });

  server.get(`${PATH}/logs/:fqn/:runId`, (request) => statuses.log(pipelineOf(request).id, param(request, 'runId')));

  function pipelineOf(request: FastifyRequest): EntityStub {
    const fqn = param(request, 'fqn');
    const pipeline = store.stub('ingestionPipeline', normaliseFqn(fqn));
    if (pipeline === undefined || pipeline.deleted) throw entityNotFound('ingestionPipeline', fqn);
    return pipeline;
  }
}

function inflated(logs: string): string {
  try {
    return gunzipSync(Buffer.from(logs, 'base64'), { maxOutputLength: MAX_BATCH }).toString();
  } catch {
    throw badRequest('logs: is not what gzip and base64 make, or too long');
  }
}
