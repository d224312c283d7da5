import { setTimeout as sleep } from 'node:timers/promises';
import { context, diag, DiagLogLevel } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetryActivityOutboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { Logger } from 'pino';
import { beginning } from '../../errors/index.js';
import { PACKAGE_VERSION } from '../../package-version.js';
import { addRequestSpan } from './request-span.js';
import { RunIds } from './run-ids.js';
import { RunInterceptor } from './run-interceptor.js';
import type { Tracing } from './tracing.js';

/** How long the end of a worker waits for a receiver that does not take what is left, milliseconds. */
const CLOSE_MS = 1_000;
/** A receiver that is away is said once in this time, milliseconds. */
const SAY_EVERY_MS = 60_000;
/** Characters of OpenTelemetry's message about it. */
const MOST_REASON = 300;

let isPrepared = false;

/**
 * This package's own provider, so that a program's other tracing isn't affected. Receiver, sampler, limits and resource
 * are those of OpenTelemetry's variables.
 */
export function startTracing(env: NodeJS.ProcessEnv, logger: Logger): Tracing {
  prepareProcess(logger);
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? 'http/json';
  if (protocol === 'grpc')
    logger.warn('traces are sent by http/json, not by grpc: name the HTTP port of the receiver, mostly 4318');
  const ids = new RunIds();
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'om-ingest', 'service.version': PACKAGE_VERSION }))
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('om-ingest', PACKAGE_VERSION);
  return {
    interceptor: (current) => ({
      inbound: new RunInterceptor(current, tracer, ids),
      outbound: new OpenTelemetryActivityOutboundInterceptor(current),
    }),
    onRequest: (call) => addRequestSpan(tracer, call),
    close: async () => {
      const closed = new AbortController();
      // what goes wrong in it OpenTelemetry says itself
      const close = provider.shutdown().then(
        () => closed.abort(),
        () => closed.abort()
      );
      const tooLong = sleep(CLOSE_MS, undefined, { signal: closed.signal }).then(
        () => logger.warn('traces: the receiver did not take the last ones'),
        () => undefined
      );
      await Promise.race([close, tooLong]);
    },
  };
}

/** What OpenTelemetry has once per process: which span is the current one, and where it says what goes wrong. */
function prepareProcess(logger: Logger): void {
  if (isPrepared) return;
  isPrepared = true;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  let saidAt = 0;
  const say = (reason: string): void => {
    if (Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    logger.warn({ reason: beginning(reason, MOST_REASON) }, 'traces: what OpenTelemetry says');
  };
  const nothing = (): void => undefined;
  diag.setLogger({ error: say, warn: say, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN);
}
