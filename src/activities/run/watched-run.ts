import { z } from 'zod';

/** First argument of a stage's activity: the part that OpenMetadata is told about. */
export const watchedRun = z.object({
  identity: z.object({ workflowId: z.string(), pipelineRunId: z.string() }),
  plan: z.object({ ingestionPipelineFQN: z.string(), streamLogs: z.literal(true).optional() }),
});
export type WatchedRun = z.infer<typeof watchedRun>;
