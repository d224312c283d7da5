import { defineQuery } from '@temporalio/workflow';
import type { StepCounts } from '../report/step-counts.js';

export interface StageProgress {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Units finished, and how many there are once that is known. */
  readonly done: number;
  readonly total?: number;
  readonly records: number;
  readonly failures: number;
}

/** Answer of the `progress` query: plain JSON, small. */
export interface Progress {
  readonly state: 'preparing' | 'running' | 'finishing' | 'closed';
  readonly service?: string;
  readonly pipelineRunId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly stages: readonly StageProgress[];
  /** What the steps counted so far. */
  readonly source: StepCounts;
  readonly sink: StepCounts;
}

export const progressQuery = defineQuery<Progress>('progress');

/** The same as a markdown table, for the Temporal UI's current details. */
export function progressMarkdown(progress: Progress): string {
  const rows = progress.stages.map((stage) => {
    const share = stage.total === undefined ? `${stage.done}` : `${stage.done} / ${stage.total}`;
    return `| ${stage.name} | ${stage.state} | ${share} | ${stage.records} | ${stage.failures} |`;
  });
  return ['| stage | state | units | records | failures |', '| --- | --- | ---: | ---: | ---: |', ...rows].join('\n');
}
