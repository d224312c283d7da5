import { ROOT_CONTEXT, SpanStatusCode, context, trace, type Span, type Tracer } from '@opentelemetry/api';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { z } from 'zod';
import { KINDS, KIND_NAMES } from '../../contract/kinds.js';
import { idsOfRun, type RunIds } from './run-ids.js';

/** What an activity of a run is told about it. */
const ofRun = z.object({
  identity: z.object({
    workflowId: z.string(),
    pipelineRunId: z.guid(),
    startedAt: z.number(),
    kind: z.enum(KIND_NAMES),
  }),
});
type Identity = z.infer<typeof ofRun>['identity'];

const ended = z.object({ state: z.string(), service: z.string(), error: z.string().optional() });
/** The activities that have a run's last word. */
const LAST: ReadonlySet<string> = new Set(['finishRun', 'failRun']);

/**
 * The SDK's span of each activity, below one span of its run. The workflow itself is not instrumented: what it may do
 * must not hang on a setting of the worker that replays it.
 */
export class RunInterceptor implements ActivityInboundCallsInterceptor {
  readonly #activity: OpenTelemetryActivityInboundInterceptor;

  constructor(
    private readonly current: Context,
    private readonly tracer: Tracer,
    private readonly ids: RunIds
  ) {
    this.#activity = new OpenTelemetryActivityInboundInterceptor(current, { tracer });
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const identity = ofRun.safeParse(input.args[0]).data?.identity;
    if (identity === undefined) return next(input);
    const run = this.#spanOf(identity);
    return context.with(trace.setSpan(ROOT_CONTEXT, run), async () => {
      try {
        const result = await this.#activity.execute(input, next);
        if (LAST.has(this.current.info.activityType)) endRun(run, result);
        return result;
      } catch (error) {
        // Such a run ends without a last word.
        if (error instanceof ApplicationFailure && error.type === 'RecipeError') fail(run, error.message);
        throw error;
      }
    });
  }

  /** The same one for each activity of the run; only the last one ends it, and one that does not end is never sent. */
  #spanOf({ workflowId, pipelineRunId, startedAt, kind }: Identity): Span {
    const name = `RunWorkflow:${KINDS[kind].workflowType}`;
    const attributes = { temporalWorkflowId: workflowId, run_id: pipelineRunId, 'om_ingest.kind': kind };
    return this.ids.with(idsOfRun(pipelineRunId), () =>
      this.tracer.startSpan(name, { startTime: startedAt, attributes, root: true }, ROOT_CONTEXT)
    );
  }
}

function endRun(run: Span, result: unknown): void {
  const { state = 'unknown', service = 'unknown', error } = ended.safeParse(result).data ?? {};
  run.setAttributes({ 'om_ingest.state': state, 'om_ingest.service': service });
  if (state === 'failed') return fail(run, error);
  run.setStatus({ code: SpanStatusCode.OK });
  run.end();
}

function fail(run: Span, message = ''): void {
  run.setStatus({ code: SpanStatusCode.ERROR, message });
  run.end();
}
