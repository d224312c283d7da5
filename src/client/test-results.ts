import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { z } from 'zod';
import type { JournalPage, JournalPageInput } from '../contract/journal.js';
import { SIDE_WORKFLOWS } from '../contract/names.js';
import type { RunReport } from '../contract/run-report.js';
import { findSuite, suiteJournalAddress, testCaseOf, type JunitResult } from '../data-quality/index.js';
import { beginning, RecipeError } from '../errors/index.js';
import { TEST_STATUSES } from '../openmetadata/index.js';
import type { CheckedRecipe, RecipeOf } from '../recipe/index.js';
import { Connections } from '../run-context/index.js';
import type { IngestionClient } from './ingestion-client.js';

/** One or two calls per page of cases. */
const TIME_LIMIT_MS = 120_000;

/** Reading one page of a journal takes seconds. */
const PAGE_TIMEOUT = '15 minutes';

const journalLine = z.object({
  test: z.exactOptional(
    z.object({
      table: z.string(),
      column: z.exactOptional(z.string()),
      name: z.string(),
      definition: z.string(),
      status: z.enum(TEST_STATUSES),
      text: z.string(),
    })
  ),
});

type CheckedFile = CheckedRecipe & { readonly file: string };

/**
 * The results of a run, including those that OpenMetadata refused: from the run's journal or, if no worker has it, the
 * published ones.
 * @throws RecipeError for a recipe of another kind; errors of Temporal and OpenMetadata
 */
export async function readTestResults(
  client: IngestionClient,
  checked: CheckedFile,
  { pipelineRunId: run, startedAt }: Pick<RunReport, 'pipelineRunId' | 'startedAt'>
): Promise<JunitResult[]> {
  const { recipe, file } = checked;
  if (recipe.kind !== 'data-quality')
    throw new RecipeError(
      [{ path: 'source.type', message: 'is not TestSuite: only data quality has test results.' }],
      file
    );
  const address = suiteJournalAddress(recipe.source);
  const results: JunitResult[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const page: JournalPage | null = await pageOf(client, { ...address, run, from });
    if (page === null) return publishedResults(checked, recipe, startedAt);
    for (const line of page.lines) {
      const { test } = journalLine.parse(JSON.parse(line));
      if (test === undefined) continue;
      const { table: tableFqn, ...rest } = test;
      results.push({ tableFqn, ...rest });
    }
    from = page.next;
  }
  return results;
}

async function pageOf(client: IngestionClient, input: JournalPageInput): Promise<JournalPage | null> {
  try {
    return await client.temporal.workflow.execute<(input: JournalPageInput) => Promise<JournalPage | null>>(
      SIDE_WORKFLOWS.journal,
      {
        taskQueue: client.taskQueue,
        workflowId: `om-journal-${randomUUID()}`,
        args: [input],
        workflowExecutionTimeout: PAGE_TIMEOUT,
        staticSummary: beginning(`journal of ${input.run}`, 200),
      }
    );
  } catch (error) {
    if (error instanceof WorkflowFailedError) return null;
    throw error;
  }
}

/** What a run has published: its results have the time when the run began. */
async function publishedResults(
  { file, sha256 }: CheckedFile,
  recipe: RecipeOf<'data-quality'>,
  startedAt: number
): Promise<JunitResult[]> {
  const connections = new Connections({});
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const client = await connections.client({ recipe, file: { file, sha256 } });
    const { serviceName, sourceConfig } = recipe.source;
    const suite = await findSuite({ client, config: sourceConfig.config, serviceName, signal });
    const results: JunitResult[] = [];
    for await (const page of client.tests.cases(suite.id, { signal, withResults: true })) {
      for (const record of page) {
        const testCase = testCaseOf(record);
        const result = record.testCaseResult;
        if (testCase === undefined || result?.timestamp !== startedAt) continue;
        const { tableFqn, column, name, definition } = testCase;
        const status = result.testCaseStatus ?? 'Queued';
        results.push({ tableFqn, column, name, definition, status, text: result.result ?? '' });
      }
    }
    return results;
  } finally {
    await connections.close();
  }
}
