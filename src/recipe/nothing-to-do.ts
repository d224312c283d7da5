import { findSource, isSourceType } from '../sources/index.js';
import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';

/** Warns about switches that together leave a run nothing to do. */
export function warnOfNothingToDo(recipe: Recipe, findings: Findings): void {
  const off = switchedOff(recipe);
  if (off !== undefined) findings.warning(['source', 'sourceConfig', 'config'], `leaves nothing to do: ${off}.`);
}

function switchedOff(recipe: Recipe): string | undefined {
  const { type } = recipe.source;
  if (recipe.kind === 'lineage') {
    const { processViewLineage, processQueryLineage, queryLogFilePath } = recipe.source.sourceConfig.config;
    if (processViewLineage) return undefined;
    if (!processQueryLineage) return 'processViewLineage and processQueryLineage are false';
    const noLog =
      queryLogFilePath === undefined && isSourceType(type) && !findSource(type).supports.includes('query-log');
    return noLog ? `processViewLineage is false, and ${type} has no query log` : undefined;
  }
  if (recipe.kind === 'profiler') {
    const { computeTableMetrics, computeColumnMetrics, generateSampleData } = recipe.source.sourceConfig.config;
    if (computeTableMetrics || computeColumnMetrics || generateSampleData) return undefined;
    return 'computeTableMetrics, computeColumnMetrics and generateSampleData are false';
  }
  return undefined;
}
