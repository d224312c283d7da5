import { refusedAsWriting } from '../sources/index.js';
import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';

const CUSTOM_QUERY = { definition: 'tableCustomSQLQuery', parameter: 'sqlExpression' };

/** Warns about test cases whose own query a run refuses to send. */
export function warnOfWritingTests(recipe: Recipe, findings: Findings): void {
  if (recipe.kind !== 'data-quality') return;
  const cases = recipe.processor?.config?.testCases ?? [];
  for (const [at, { testDefinitionName, parameterValues = [] }] of cases.entries()) {
    if (testDefinitionName !== CUSTOM_QUERY.definition) continue;
    for (const [index, { name, value }] of parameterValues.entries()) {
      if (name !== CUSTOM_QUERY.parameter) continue;
      const refused = refusedAsWriting(value, 'the query');
      if (refused === undefined) continue;
      findings.warning(
        ['processor', 'config', 'testCases', at, 'parameterValues', index, 'value'],
        `the test ends Aborted: ${refused} Give one SELECT.`
      );
    }
  }
}
