import { IngestionWorkflow, makeWorkflow, type WorkflowOptions } from './ingestion-workflow.js';

/** A data quality run in the five steps; see MetadataWorkflow. */
export class TestSuiteWorkflow extends IngestionWorkflow {
  /** @throws RecipeError when something in `config` is wrong, NoTemporalServerError */
  static async create(config: unknown, options: WorkflowOptions = {}): Promise<TestSuiteWorkflow> {
    return new TestSuiteWorkflow(await makeWorkflow(['data-quality'], config, options));
  }
}
