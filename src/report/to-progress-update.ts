import { beginning } from '../contract/beginning.js';
import type { Progress, StageProgress } from '../contract/progress.js';
import type { RunReport } from '../contract/run-report.js';
import type { ProgressNode, ProgressUpdate } from '../openmetadata/index.js';

/** Most characters of the message. */
const MESSAGE_TEXT = 300;

/** A run that begins. @param now milliseconds since the epoch */
export function toDiscovery(runId: string, service: string, now: number): ProgressUpdate {
  return { runId, timestamp: now, updateType: 'DISCOVERY', progress: { label: service, active: true } };
}

/** A running run: the stages are children of the service, counted in units. @param now milliseconds since the epoch */
export function toProcessing(progress: Progress, now: number): ProgressUpdate {
  const { pipelineRunId: runId, service, stages, steps, paused } = progress;
  const current = stages.findLast(({ state }) => state === 'running');
  const { sink } = steps;
  return {
    runId,
    timestamp: now,
    updateType: 'PROCESSING',
    ...(current === undefined ? {} : { stepName: current.name }),
    progress: { ...(service === undefined ? {} : { label: service }), active: true, children: stages.map(toNode) },
    totalAssetsIngested: sink === undefined ? 0 : sink.records + sink.unchanged,
    ...(paused === true ? { message: 'paused' } : {}),
  };
}

/** A run that is over; `ERROR` unless it ended in success, even a partial one. */
export function toLastUpdate(report: RunReport): ProgressUpdate {
  const { pipelineRunId: runId, finishedAt, state, service, successPercent, steps } = report;
  const sink = steps.find(({ name }) => name === 'OpenMetadata');
  const ended = report.error ?? `${state}, ${successPercent} % success`;
  return {
    runId,
    timestamp: finishedAt,
    updateType: state === 'success' || state === 'partialSuccess' ? 'PIPELINE_COMPLETE' : 'ERROR',
    progress: { label: service, active: false },
    totalAssetsIngested: sink === undefined ? 0 : sink.records + sink.unchanged,
    message: beginning(ended, MESSAGE_TEXT),
  };
}

function toNode({ name, state, done, total }: StageProgress): ProgressNode {
  return {
    label: name,
    processed: done,
    ...(total === undefined ? {} : { expected: total }),
    active: state === 'running',
  };
}
