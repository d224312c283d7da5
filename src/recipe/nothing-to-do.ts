import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';
import { readsQueryLog } from './what-it-opens.js';

/** Warns about switches that together leave a run nothing to do. */
export function warnOfNothingToDo(recipe: Recipe, findings: Findings): void {
  const off = switchedOff(recipe);
  if (off !== undefined) findings.warning(['source', 'sourceConfig', 'config'], `leaves nothing to do: ${off}.`);
}

function switchedOff(recipe: Recipe): string | undefined {
  if (recipe.kind === 'lineage') {
    const { processViewLineage, processQueryLineage } = recipe.source.sourceConfig.config;
    if (processViewLineage || readsQueryLog(recipe.source)) return undefined;
    if (!processQueryLineage) return 'processViewLineage and processQueryLineage are false';
    return `processViewLineage is false, and ${recipe.source.type} has no query log`;
  }
  if (recipe.kind === 'profiler') {
    const { computeTableMetrics, computeColumnMetrics, generateSampleData } = recipe.source.sourceConfig.config;
    if (computeTableMetrics || computeColumnMetrics || generateSampleData) return undefined;
    return 'computeTableMetrics, computeColumnMetrics and generateSampleData are false';
  }
  return undefined;
}
