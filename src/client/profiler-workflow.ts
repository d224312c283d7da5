import { IngestionWorkflow, makeWorkflow, type WorkflowOptions } from './ingestion-workflow.js';

/** A profiler run in the five steps; see MetadataWorkflow. */
export class ProfilerWorkflow extends IngestionWorkflow {
  /** @throws RecipeError when something in `config` is wrong, NoTemporalServerError */
  static async create(config: unknown, options: WorkflowOptions = {}): Promise<ProfilerWorkflow> {
    return new ProfilerWorkflow(await makeWorkflow(['profiler'], config, options));
  }
}
