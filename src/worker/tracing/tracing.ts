import type { WorkerInterceptors } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { RestCall } from '../../run-context/index.js';

/** What a worker does to show its runs as traces. */
export interface Tracing {
  readonly interceptor: NonNullable<WorkerInterceptors['activity']>[number];
  /** A call that was made, by the stage that made it. */
  readonly onRequest: (call: RestCall) => void;
  /** Sends what is left; gives up after some seconds. */
  close(): Promise<void>;
}

/**
 * Traces where the environment names a receiver, by OpenTelemetry's own variables. Without one nothing of OpenTelemetry
 * is loaded.
 */
export async function openTracing(env: NodeJS.ProcessEnv, logger: Logger): Promise<Tracing | undefined> {
  if (!isTracing(env)) return undefined;
  const { startTracing } = await import('./start-tracing.js');
  return startTracing(env, logger);
}

/** Whether OpenTelemetry's variables ask for traces. */
export function isTracing(env: NodeJS.ProcessEnv): boolean {
  const given = (name: string): string => (env[name] ?? '').trim();
  const endpoint = given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || given('OTEL_EXPORTER_OTLP_ENDPOINT');
  const isOff = given('OTEL_SDK_DISABLED').toLowerCase() === 'true' || given('OTEL_TRACES_EXPORTER') === 'none';
  return endpoint !== '' && !isOff;
}
