import { isDeepStrictEqual } from 'node:util';
import { PermanentError } from '../errors/index.js';
import {
  rewriteColumnName,
  tableLink,
  type CreateTestCaseRequest,
  type OpenMetadataClient,
  type PatchOperation,
  type TestCaseRecord,
} from '../openmetadata/index.js';
import type { RecipeTestCase } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';

export interface MakeCasesInput {
  readonly client: Pick<OpenMetadataClient, 'tests'>;
  readonly tableFqn: string;
  readonly wanted: readonly RecipeTestCase[];
  /** What the suite has. */
  readonly stored: readonly TestCaseRecord[];
  readonly forceUpdate: boolean;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

/** Cases in one request. */
const AT_ONCE = 200;

/**
 * Creates the recipe's cases whose names the suite lacks, in bulk; with forceUpdate, those that differ are changed. A
 * case that can't be created is a failure.
 * @returns whether anything was created or changed
 */
export async function makeCases(input: MakeCasesInput): Promise<boolean> {
  const { wanted, stored, tableFqn } = input;
  const known = new Map(stored.map((record) => [record.name, record]));
  const missing = wanted.filter(({ name }) => !known.has(name)).map((each) => createRequest(each, tableFqn));
  for (let first = 0; first < missing.length; first += AT_ONCE)
    await create(input, missing.slice(first, first + AT_ONCE));
  if (!input.forceUpdate) return missing.length > 0;
  let changed = false;
  for (const each of wanted) {
    const record = known.get(each.name);
    warnOfOther(input, record, each);
    const operations = record === undefined ? [] : changesOf(record, createRequest(each, tableFqn));
    if (record === undefined || operations.length === 0) continue;
    changed = true;
    await orFailure(input, each.name, () =>
      input.client.tests.patchCase(record.id, operations, { signal: input.signal })
    );
  }
  return changed || missing.length > 0;
}

/** The test of a stored case can't be changed, so a different one from the recipe's would run. */
function warnOfOther(
  { recorder, tableFqn }: MakeCasesInput,
  record: TestCaseRecord | undefined,
  { name, testDefinitionName: wanted }: RecipeTestCase
): void {
  const { name: stored, fullyQualifiedName } = record?.testDefinition ?? {};
  if (stored === undefined || stored === wanted || fullyQualifiedName === wanted) return;
  recorder.warning(
    'test-runner',
    `${tableFqn}: ${name} is a ${stored} in OpenMetadata, not a ${wanted} as the recipe says, and stays one. Delete it there, or choose another name.`
  );
}

/** If the bulk call is refused as a whole, cases are sent one by one to find the faulty ones. */
async function create(input: MakeCasesInput, requests: readonly CreateTestCaseRequest[]): Promise<void> {
  const { client, signal } = input;
  try {
    await client.tests.createCases(requests, { signal });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    for (const request of requests)
      await orFailure(input, request.name, async () => void (await client.tests.putCase(request, { signal })));
  }
}

async function orFailure(
  { recorder, tableFqn }: MakeCasesInput,
  name: string,
  work: () => Promise<void>
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.failure('test-runner', `${tableFqn}: ${name}`, `the test case could not be made: ${error.describe()}`);
  }
}

/** The case that a recipe's entry would make. */
export function createRequest(wanted: RecipeTestCase, tableFqn: string): CreateTestCaseRequest {
  const { name, displayName, description, testDefinitionName, columnName, parameterValues } = wanted;
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    testDefinition: testDefinitionName,
    entityLink: tableLink(tableFqn, columnName === undefined ? undefined : rewriteColumnName(columnName)),
    parameterValues: parameterValues ?? [],
    computePassedFailedRowCount: wanted.computePassedFailedRowCount,
  };
}

/** What forceUpdate changes: the link, the parameters, and whether rows are counted. */
function changesOf(record: TestCaseRecord, request: CreateTestCaseRequest): PatchOperation[] {
  const stored = {
    entityLink: record.entityLink,
    parameterValues: record.parameterValues.map(({ name, value }) => ({ name, value })),
    computePassedFailedRowCount: record.computePassedFailedRowCount ?? false,
  };
  const wanted = {
    entityLink: request.entityLink,
    parameterValues: (request.parameterValues ?? []).map(({ name, value }) => ({ name, value })),
    computePassedFailedRowCount: request.computePassedFailedRowCount ?? false,
  };
  return (Object.keys(wanted) as (keyof typeof wanted)[]).flatMap((key): PatchOperation[] =>
    isDeepStrictEqual(stored[key], wanted[key]) ? [] : [{ op: 'replace', path: `/${key}`, value: wanted[key] }]
  );
}
