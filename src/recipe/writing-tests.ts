import { refusedAsWriting } from '../sources/index.js';
import { sourceOf } from './effect-warnings.js';
import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';

/** Parameters that enter a statement as SQL; all others do as values. */
const WRITTEN_IN_SQL: ReadonlyMap<string, 'query' | 'condition'> = new Map([
  ['tableCustomSQLQuery sqlExpression', 'query'],
  ['tableCustomSQLQuery partitionExpression', 'condition'],
  ['tableDiff where', 'condition'],
]);
const INSTEAD = { query: 'Give one SELECT.', condition: 'Give one condition that only reads.' };

/** Warns about test cases whose own SQL a run refuses to send. */
export function warnOfWritingTests(recipe: Recipe, findings: Findings): void {
  if (recipe.kind !== 'data-quality') return;
  const engine = sourceOf(recipe);
  const cases = recipe.processor?.config?.testCases ?? [];
  for (const [at, { testDefinitionName, parameterValues = [] }] of cases.entries()) {
    for (const [index, { name, value }] of parameterValues.entries()) {
      const as = WRITTEN_IN_SQL.get(`${testDefinitionName} ${name}`);
      if (as === undefined || value === '') continue;
      const refused = refusedAsWriting(value, `the ${as}`, as, engine);
      if (refused === undefined) continue;
      findings.warning(
        ['processor', 'config', 'testCases', at, 'parameterValues', index, 'value'],
        `the test ends Aborted: ${refused} ${INSTEAD[as]}`
      );
    }
  }
}

/** Refuses a profileQuery that calls what the run refuses of this engine; what no engine takes its model refuses. */
export function refuseCallingQueries(recipe: Recipe, findings: Findings): void {
  if (recipe.kind !== 'profiler') return;
  const engine = sourceOf(recipe);
  for (const [at, { profileQuery }] of (recipe.processor?.config?.tableConfig ?? []).entries()) {
    if (profileQuery === undefined) continue;
    const refused = refusedAsWriting(profileQuery, 'the query', 'query', engine);
    if (refused === undefined) continue;
    findings.problem(['processor', 'config', 'tableConfig', at, 'profileQuery'], `${refused} Allowed: one SELECT.`);
  }
}
