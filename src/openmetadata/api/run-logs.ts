import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';

/** Lines that are longer than this together are sent compressed, bytes. */
const PLAIN_BYTES = 10 * 1024;

const compress = promisify(gzip);

/** Lines of a run from one of several senders. */
export interface LogBatch {
  readonly lines: readonly string[];
  /** Tells apart the senders of a run's lines. */
  readonly connectorId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Logs of ingestion pipelines, sent while they run. */
export class RunLogsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Adds lines to a run's log. @returns false when the server or the pipeline takes none */
  async append(pipelineFqn: string, runId: string, batch: LogBatch, { signal }: CallOptions = {}): Promise<boolean> {
    const text = `${batch.lines.join('\n')}\n`;
    const compressed = Buffer.byteLength(text) > PLAIN_BYTES;
    const logs = compressed ? (await compress(text)).toString('base64') : text;
    const { connectorId, timestamp } = batch;
    const body = { logs, timestamp, connectorId, compressed, lineCount: batch.lines.length };
    // sent twice, the lines would be there twice
    const options = { body, once: true, signal, accept: [404, 405] };
    const answer = await this.#transport.request('POST', pathOf(pipelineFqn, runId), options);
    return answer.status < 400;
  }

  /** Says that there will be no more lines. @returns false when the server or the pipeline takes none */
  async close(pipelineFqn: string, runId: string, { signal }: CallOptions = {}): Promise<boolean> {
    const path = `${pathOf(pipelineFqn, runId)}/close`;
    const answer = await this.#transport.request('POST', path, { signal, accept: [404, 405] });
    return answer.status < 400;
  }
}

function pathOf(pipelineFqn: string, runId: string): string {
  return `/services/ingestionPipelines/logs/${encodeFqnInPath(pipelineFqn)}/${encodeFqnInPath(runId)}`;
}
