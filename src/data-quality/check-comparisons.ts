import { mismatchedKeys } from './diff/plan-diff.js';
import { readPlan, refuseUncomparable } from './diff/run-diff.js';
import { plannedLines, type PlanStatementsInput } from './plan-statements.js';
import { planCases } from './run-tests.js';
import { TestAborted } from './test-aborted.js';

/** A tableDiff of the suite, or of the recipe. */
export interface CheckedComparison {
  readonly name: string;
  readonly table: string;
  readonly table2: string;
  /** Why it can't be run: it would be Aborted. */
  readonly problem?: string;
}

/** The comparisons of tables that a run would make, with what is known to be in their way before it. */
export async function* checkComparisons(input: Omit<PlanStatementsInput, 'now'>): AsyncGenerator<CheckedComparison> {
  const { client, services, signal } = input;
  for await (const { table, cases, definitions } of plannedLines(input)) {
    if (table === undefined) continue;
    for (const { testCase, plan } of planCases(cases, new Map(definitions.map((each) => [each.name, each])), table)) {
      if (plan.kind !== 'ready' || plan.test.kind !== 'diff') continue;
      const { test } = plan;
      const named = { name: testCase.name, table: table.fqn, table2: test.table2 };
      try {
        const { table2, plan: columns } = await readPlan({ test, table, client, signal });
        const keys = mismatchedKeys(columns);
        if (keys.length > 0) throw new TestAborted(`the types of the key columns ${keys.join(', ')} do not match.`);
        if (table.service !== table2.service) {
          refuseUncomparable(await services.service(table.service), 'table1');
          refuseUncomparable(await services.service(table2.service), 'table2');
        }
        yield named;
      } catch (error) {
        if (!(error instanceof TestAborted)) throw error;
        yield { ...named, problem: error.message };
      }
    }
  }
}
