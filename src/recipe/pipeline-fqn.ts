import { quoteName, trySplitFqn } from '../openmetadata/index.js';
import type { Findings } from './findings.js';
import { KIND_MODELS } from './kinds/index.js';
import type { Recipe } from './recipe-model.js';

const PATH = ['ingestionPipelineFQN'];

/**
 * Refuses a pipeline that the run's statuses could never reach: the server knows pipelines of a database service as
 * `<service>.<pipeline>`, quoted only where a name needs it.
 */
export function checkPipelineFqn(recipe: Recipe, findings: Findings): void {
  const { ingestionPipelineFQN: fqn, source } = recipe;
  // if something other than the recipe's service owns the pipeline, only the server can tell
  if (fqn === undefined || KIND_MODELS[recipe.kind].serviceNameOf !== undefined) return;
  const parts = trySplitFqn(fqn);
  const [service, pipeline, ...more] = parts ?? [];
  if (service === undefined || pipeline === undefined || more.length > 0) {
    const found = parts === undefined ? whyNot(fqn) : `${parts.length} parts`;
    findings.problem(
      PATH,
      `is not \`<service>.<pipeline>\` (${found}). A name with a dot in it is written in double quotes.`
    );
    return;
  }
  const name = quoteName(source.serviceName);
  if (service !== source.serviceName) {
    findings.problem(
      PATH,
      `is a pipeline of the service \`${service}\`, but source.serviceName is \`${source.serviceName}\`. Write \`${name}.${quoteName(pipeline)}\`, or the service that is meant.`
    );
    return;
  }
  const plain = `${name}.${quoteName(pipeline)}`;
  if (fqn !== plain)
    findings.problem(
      PATH,
      `has quotes where the server writes none, so that it would not be found. Write \`${plain}\`.`
    );
}

/** What is wrong with a name that cannot be split. */
function whyNot(fqn: string): string {
  return fqn.split('"').length % 2 === 0 ? 'a quote is left open' : 'a part of it is empty';
}
