import { PermanentError } from '../errors/index.js';
import type { OpenMetadataClient, TableUnderTestRecord } from '../openmetadata/index.js';
import type { TestSuiteConfig } from '../recipe/index.js';

export interface FoundSuite {
  readonly id: string;
  /** Absent: a logical suite, whose cases may be about any tables. */
  readonly table?: TableUnderTestRecord;
}

interface FindSuiteInput {
  readonly client: Pick<OpenMetadataClient, 'tests'>;
  readonly config: TestSuiteConfig;
  /** Name of the logical suite if the recipe names no table. */
  readonly serviceName: string;
  readonly signal: AbortSignal;
  /** True: no suite is created for a table without one, and the returned id is empty. */
  readonly dry?: boolean;
}

/**
 * The suite that a recipe's run is about. It is created for a table that has none; if there is no such table, a logical
 * suite of that name is used.
 * @throws PermanentError when there is neither
 */
export async function findSuite({
  client,
  config,
  serviceName,
  signal,
  dry = false,
}: FindSuiteInput): Promise<FoundSuite> {
  const fqn = config.entityFullyQualifiedName;
  const table = fqn === undefined ? undefined : await client.tests.table(fqn, { signal });
  if (table !== undefined) {
    const known = table.testSuite?.id ?? (dry ? '' : undefined);
    return { table, id: known ?? (await makeSuite(client, table, signal)) };
  }
  const logical = await client.tests.suite(serviceName, { signal });
  if (logical !== undefined && fqn === undefined) return { id: logical.id };
  if (fqn !== undefined) {
    throw new PermanentError(`OpenMetadata has no table ${fqn}.`, {
      where: 'source.sourceConfig.config.entityFullyQualifiedName',
      remedy: 'Check the name (service.database.schema.table), or run a metadata recipe for the service first.',
    });
  }
  throw new PermanentError(`OpenMetadata has no test suite ${serviceName}.`, {
    where: 'source.serviceName',
    remedy: 'Name a table by sourceConfig.config.entityFullyQualifiedName, or a logical suite by serviceName.',
  });
}

async function makeSuite(
  { tests }: Pick<OpenMetadataClient, 'tests'>,
  { fullyQualifiedName: fqn }: TableUnderTestRecord,
  signal: AbortSignal
): Promise<string> {
  const request = { name: `${fqn}.testSuite`, displayName: `${fqn} Test Suite`, basicEntityReference: fqn };
  return (await tests.putBasicSuite(request, { signal })).id;
}
