import type { Findings } from './findings.js';
import { PROFILE_METRICS } from './kinds/profiler.js';
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
    if (generateSampleData) return undefined;
    if (!computeTableMetrics && !computeColumnMetrics)
      return 'computeTableMetrics, computeColumnMetrics and generateSampleData are false';
    const metrics = namedMetrics(recipe);
    if (metrics === undefined || metrics.some((metric) => MEASURED.has(metric))) return undefined;
    return `metrics has ${metrics.length === 0 ? 'no name' : 'none of what is measured'}, so that each table without custom metrics fails. Leave it out for the usual ones`;
  }
  return undefined;
}

/** `columnNames` is no value of a profile. */
const MEASURED: ReadonlySet<string> = new Set(PROFILE_METRICS.filter((metric) => metric !== 'columnNames'));

/** Those of the processor's profiler where it has one, else of sourceConfig; undefined for the usual ones. */
function namedMetrics({ source, processor }: Recipe & { readonly kind: 'profiler' }): readonly string[] | undefined {
  const profiler = processor?.config?.profiler;
  return profiler === undefined ? source.sourceConfig.config.metrics : profiler.metrics;
}
