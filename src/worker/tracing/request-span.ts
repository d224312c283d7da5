import { SpanKind, SpanStatusCode, context, trace, type Tracer } from '@opentelemetry/api';
import { routeOf } from '../../openmetadata/index.js';
import type { RestCall } from '../../run-context/index.js';

/** Statuses that say nothing bad: what was asked for is not there, or is there already. */
const ANSWERS: ReadonlySet<number> = new Set([404, 405, 409]);

/**
 * The span of a call that is over, below the stage that made it. Names of entities stay out of it: a trace goes to
 * other people's servers.
 */
export function addRequestSpan(tracer: Tracer, { method, path, status, milliseconds }: RestCall): void {
  const stage = context.active();
  if (trace.getSpan(stage) === undefined) return;
  const end = Date.now();
  const route = `/v1${routeOf(path)}`;
  const span = tracer.startSpan(
    `${method} ${route}`,
    {
      kind: SpanKind.CLIENT,
      startTime: end - milliseconds,
      attributes: {
        'http.request.method': method,
        'url.template': route,
        ...(status === 0 ? { 'error.type': 'no answer' } : { 'http.response.status_code': status }),
      },
    },
    stage
  );
  if (status === 0 || (status >= 400 && !ANSWERS.has(status))) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}
