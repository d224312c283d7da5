import { PermanentError } from '../errors/index.js';
import { mapLimited, type OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import { toLines, transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import { resultLine, type PublishedResult, type ResultLine } from './staged-lines.js';

export interface PublishResultsInput extends StageRun {
  readonly client: Pick<OpenMetadataClient, 'tests'>;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  /** Results at once. */
  readonly lanes: number;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

/**
 * Lines between two entries of the manifest: what a crash repeats; the server then answers that it already has them.
 */
const AT_ONCE = 100;

/**
 * Sends results, each before the rows that failed it, since the server only takes rows for a failed case. A result that
 * is already there was sent by an earlier attempt of this run. Rows and inspection queries aren't worth a failure:
 * problems there are warnings.
 */
export async function publishResults(input: PublishResultsInput): Promise<void> {
  const { store, from, to, lanes } = input;
  await transformStage(input, {
    from: wholeSlices([await store.manifest(from)], AT_ONCE),
    to,
    parse: (line) => resultLine.parse(JSON.parse(line.toString())),
    work: async ({ records }) => {
      return { lines: toLines(await mapLimited(records, lanes, (line) => publishOne(input, line))) };
    },
  });
}

async function publishOne(input: PublishResultsInput, line: ResultLine): Promise<PublishedResult> {
  const { client, recorder, signal } = input;
  try {
    await client.tests.postResult(line.caseFqn, line.result, { signal });
    recorder.count('sink', { records: 1 });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const refused = `the result was not taken: ${error.describe()}`;
    recorder.failure('sink', line.caseFqn, refused);
    return { caseFqn: line.caseFqn, refused };
  }
  if (line.failedRows !== undefined) await publishRows(input, line.caseId, line.caseFqn, line.failedRows);
  return { caseFqn: line.caseFqn };
}

async function publishRows(
  { client, recorder, signal }: PublishResultsInput,
  caseId: string,
  caseFqn: string,
  { columns, rows, sql, anyColumns }: NonNullable<ResultLine['failedRows']>
): Promise<void> {
  try {
    const data = `{"columns":${JSON.stringify(columns)},"rows":${rows}}`;
    await client.tests.putFailedRows(caseId, data, { anyColumns, signal });
    await client.tests.putInspectionQuery(caseId, sql, { signal });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.warning('sink', `${caseFqn}: its failed rows were not taken: ${error.describe()}`);
  }
}
