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
