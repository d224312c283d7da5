import { IngestionWorkflow, makeWorkflow, type WorkflowOptions } from './ingestion-workflow.js';

/**
 * A metadata run in the five steps known from the Python framework. It takes lineage recipes too, as the class of that
 * name does there.
 *
 * @example
 *   const workflow = await MetadataWorkflow.create(config); // an object, or YAML text
 *   await workflow.execute();
 *   workflow.raiseFromStatus();
 *   workflow.printStatus();
 *   await workflow.stop();
 */
export class MetadataWorkflow extends IngestionWorkflow {
  /** @throws RecipeError when something in `config` is wrong, NoTemporalServerError */
  static async create(config: unknown, options: WorkflowOptions = {}): Promise<MetadataWorkflow> {
    return new MetadataWorkflow(await makeWorkflow(['metadata', 'lineage'], config, options));
  }
}
