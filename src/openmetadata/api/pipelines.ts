import { z } from 'zod';
import type { CreateIngestionPipelineRequest, PipelineStatus, ProgressUpdate } from '../entities/index.js';
import { PIPELINE_STATES } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';
import { referenceSchema } from './entity-records.js';
import { getIfThere } from './get-if-there.js';

const pipeline = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  pipelineType: z.string(),
  service: maybe(referenceSchema),
});

/** A stored status without its step summaries. */
const status = z.object({
  runId: z.string(),
  pipelineState: z.enum(PIPELINE_STATES),
  startDate: maybe(z.number()),
  timestamp: maybe(z.number()),
  endDate: maybe(z.number()),
  /** What the run wrote besides its state, e.g. its workflow's id. */
  metadata: maybe(z.record(z.string(), z.unknown())),
});

export type IngestionPipelineRecord = z.infer<typeof pipeline>;
export type PipelineStatusRecord = z.infer<typeof status>;

const PATH = '/services/ingestionPipelines';

export class PipelinesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async find(fqn: string, { signal }: CallOptions = {}): Promise<IngestionPipelineRecord | undefined> {
    const path = `${PATH}/name/${encodeFqnInPath(fqn)}`;
    return getIfThere(this.#transport, path, pipeline, { signal });
  }

  /** Creates the pipeline, or updates it when the service has one of that name. */
  async create(
    request: CreateIngestionPipelineRequest,
    { signal }: CallOptions = {}
  ): Promise<IngestionPipelineRecord> {
    const { body } = await this.#transport.request('PUT', PATH, { body: request, signal });
    return readAnswer(pipeline, body, `PUT /v1${PATH}`);
  }

  /** Undefined when the pipeline has no status of that run, or the pipeline itself is unknown. */
  async getStatus(fqn: string, runId: string, { signal }: CallOptions = {}): Promise<PipelineStatusRecord | undefined> {
    const path = `${statusPath(fqn)}/${encodeFqnInPath(runId)}`;
    const answer = await this.#transport.request('GET', path, { signal, accept: [404] });
    return answer.status === 404 || answer.body === undefined
      ? undefined
      : readAnswer(status, answer.body, `GET /v1${path}`);
  }

  /**
   * Stores the status of a run, replacing an earlier one of the same runId. The caller bounds its size: servers refuse
   * large bodies.
   * @returns false when the pipeline is unknown
   */
  async putStatus(fqn: string, body: PipelineStatus, { signal }: CallOptions = {}): Promise<boolean> {
    const answer = await this.#transport.request('PUT', statusPath(fqn), { body, signal, accept: [404] });
    return answer.status !== 404;
  }

  /**
   * Statuses that started between two times (milliseconds since the epoch), newest first; none for an unknown pipeline.
   */
  async listStatuses(
    fqn: string,
    { startTs, endTs }: { readonly startTs: number; readonly endTs: number },
    { signal }: CallOptions = {}
  ): Promise<readonly PipelineStatusRecord[]> {
    const path = statusPath(fqn);
    const answer = await this.#transport.request('GET', path, { query: { startTs, endTs }, signal, accept: [404] });
    if (answer.status === 404 || answer.body === undefined) return [];
    return readAnswer(z.object({ data: z.array(status) }), answer.body, `GET /v1${path}`).data;
  }
}

export class ProgressApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** @returns false when the server or the pipeline doesn't take progress */
  async put(pipelineFqn: string, update: ProgressUpdate, { signal }: CallOptions = {}): Promise<boolean> {
    const path = `${PATH}/progress/${encodeFqnInPath(pipelineFqn)}/${encodeFqnInPath(update.runId)}`;
    const answer = await this.#transport.request('PUT', path, { body: update, signal, accept: [404, 405] });
    return answer.status < 400;
  }
}

function statusPath(fqn: string): string {
  return `${PATH}/${encodeFqnInPath(fqn)}/pipelineStatus`;
}
