import { IngestionWorkflow, makeWorkflow, type WorkflowOptions } from './ingestion-workflow.js';

/** A usage run in the five steps; see MetadataWorkflow. */
export class UsageWorkflow extends IngestionWorkflow {
  /** @throws RecipeError when something in `config` is wrong, NoTemporalServerError */
  static async create(config: unknown, options: WorkflowOptions = {}): Promise<UsageWorkflow> {
    return new UsageWorkflow(await makeWorkflow(['usage'], config, options));
  }
}
