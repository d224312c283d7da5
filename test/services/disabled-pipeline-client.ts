import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What OpenMetadata hands on to its pipeline service client (Airflow and the like): deploying, starting, stopping, its
 * health, its logs, tests of connections.
 */
const OF_THE_CLIENT =
  /^\/api\/v1\/(services\/ingestionPipelines\/(deploy|bulk\/deploy|trigger|toggleIngestion|kill|status|ip|logs\/[^/]+\/last)\b|automations\/workflows)/;

const OF_A_RUN = /ingestionPipelines\/(progress|logs)\/([^/]+)\/[\da-f-]{36}(\/close)?$/;

/** A status as a run has put it. */
export interface PutStatus {
  readonly fqn: string;
  readonly body: unknown;
}

export interface ToldOfRun {
  readonly what: 'progress' | 'logs' | 'close';
  readonly fqn: string;
  readonly body: unknown;
}

/** Stands before a catalog as an OpenMetadata whose pipeline service client is switched off. */
export interface DisabledPipelineClient {
  /** `http://127.0.0.1:PORT/api` */
  readonly hostPort: string;
  /** Calls that it refused. */
  readonly refused: readonly string[];
  /** Statuses of pipelines, in the order in which they came. */
  readonly statuses: readonly PutStatus[];
  /** Progress and log lines of runs, in the order in which they came. */
  readonly told: readonly ToldOfRun[];
  /** Calls to this path wait from now on; resolves when one does. `release` lets them go on. */
  hold(path: string): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

/** @param hostPort of the catalog */
export async function startDisabledPipelineClient(hostPort: string): Promise<DisabledPipelineClient> {
  const { hostname: host, port } = new URL(hostPort);
  const refused: string[] = [];
  const statuses: PutStatus[] = [];
  const told: ToldOfRun[] = [];
  let held: { path: string; reached: () => void; released: Promise<void> } | undefined;
  let release = (): void => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request;
      const body = Buffer.concat(chunks);
      if (OF_THE_CLIENT.test(url)) {
        refused.push(`${method} ${url}`);
        return void response.writeHead(503).end('{"code":503,"message":"Pipeline Client Disabled"}');
      }
      const fqn = /ingestionPipelines\/([^/]+)\/pipelineStatus$/.exec(url)?.[1];
      if (method === 'PUT' && fqn !== undefined)
        statuses.push({ fqn: decodeURIComponent(fqn), body: JSON.parse(body.toString('utf8')) });
      const [, sort, of = '', close] = OF_A_RUN.exec(url) ?? [];
      if (sort === 'progress' || sort === 'logs')
        told.push({
          what: close === undefined ? sort : 'close',
          fqn: decodeURIComponent(of),
          body: body.length === 0 ? undefined : JSON.parse(body.toString('utf8')),
        });
      const onward = (): void => {
        const call = send({ host, port, method, path: url, headers }, (answer) =>
          answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
        );
        call.on('error', () => response.destroy());
        call.end(body);
      };
      if (held === undefined || !url.includes(held.path)) return onward();
      held.reached();
      void held.released.then(onward);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hostPort: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    refused,
    statuses,
    told,
    hold: (path) =>
      new Promise((reached) => {
        const released = new Promise<void>((resolve) => (release = resolve));
        held = { path, reached, released };
      }),
    release: () => {
      held = undefined;
      release();
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
