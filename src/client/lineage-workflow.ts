import { IngestionWorkflow, makeWorkflow, type WorkflowOptions } from './ingestion-workflow.js';

/** A lineage run in the five steps; see MetadataWorkflow. */
export class LineageWorkflow extends IngestionWorkflow {
  /** @throws RecipeError when something in `config` is wrong, NoTemporalServerError */
  static async create(config: unknown, options: WorkflowOptions = {}): Promise<LineageWorkflow> {
    return new LineageWorkflow(await makeWorkflow(['lineage'], config, options));
  }
}
