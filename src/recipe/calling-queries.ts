import { refusedAsWriting } from '../sources/index.js';
import { sourceOf } from './effect-warnings.js';
import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';
import type { RecipePath } from './recipe-path.js';

/**
 * Refuses a profileQuery or a filterCondition that calls what is refused of this engine; what no engine takes, its
 * model refuses.
 */
export function refuseCallingQueries(recipe: Recipe, findings: Findings): void {
  const engine = sourceOf(recipe);
  const { changing } = engine ?? {};
  // logs are read in the server's own way to quote, which its sql_mode may change
  const ofLogs = changing === undefined ? {} : { changing };
  const refuse = (path: RecipePath, sql: string | undefined, as: 'query' | 'condition', allowed: string): void => {
    const of = as === 'query' ? engine : ofLogs;
    const refused = sql === undefined ? undefined : refusedAsWriting(sql, `the ${as}`, as, of);
    if (refused !== undefined) findings.problem(path, `${refused} Allowed: ${allowed}.`);
  };
  if (recipe.kind === 'profiler')
    for (const [at, { profileQuery }] of (recipe.processor?.config?.tableConfig ?? []).entries())
      refuse(['processor', 'config', 'tableConfig', at, 'profileQuery'], profileQuery, 'query', 'one SELECT');
  const { config } = recipe.source.sourceConfig;
  if ('filterCondition' in config)
    refuse(
      ['source', 'sourceConfig', 'config', 'filterCondition'],
      config.filterCondition,
      'condition',
      'one condition that only reads'
    );
}
