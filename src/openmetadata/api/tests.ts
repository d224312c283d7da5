import { z } from 'zod';
import type { CreateTestCaseRequest, CreateTestCaseResult, CreateTestSuiteRequest } from '../entities/test.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { readAnswer } from './answer-shape.js';
import { getIfThere } from './get-if-there.js';
import { listPages } from './pages.js';
import type { PatchOperation } from './patch.js';
import {
  tableUnderTestRecord,
  testCaseRecord,
  testCaseResultRecord,
  testDefinitionRecord,
  testSuiteRecord,
  type TableUnderTestRecord,
  type TestCaseRecord,
  type TestCaseResultRecord,
  type TestDefinitionRecord,
  type TestSuiteRecord,
} from './test-records.js';

const DEFINITIONS = '/dataQuality/testDefinitions';
const SUITES = '/dataQuality/testSuites';
const CASES = '/dataQuality/testCases';
const CASE_FIELDS = 'testSuite,testDefinition';
const TABLE_FIELDS = 'columns,tags,tableConstraints,tableProfilerConfig,testSuite';
const PAGE = 100;

export interface CasesOptions extends CallOptions {
  /** With the newest result of each. */
  readonly withResults?: boolean;
}

const sampleSettings = z.object({ sampleDataConfig: z.object({ storeSampleData: z.boolean().nullish() }).nullish() });
/** The server puts a setting into `config_value`. */
const settings = sampleSettings.extend({ config_value: sampleSettings.nullish() });

/** The calls below `/dataQuality`, and the table that is tested. */
export class TestsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All definitions of tests, in pages. */
  definitions(options?: CallOptions): AsyncGenerator<readonly TestDefinitionRecord[], void, undefined> {
    return listPages(this.#transport, DEFINITIONS, testDefinitionRecord, { limit: PAGE }, options);
  }

  /** Undefined for a table that doesn't exist. */
  async table(fqn: string, { signal }: CallOptions = {}): Promise<TableUnderTestRecord | undefined> {
    const path = `/tables/name/${encodeFqnInPath(fqn)}`;
    return getIfThere(this.#transport, path, tableUnderTestRecord, {
      query: { fields: TABLE_FIELDS },
      signal,
      keepsDigits: true,
    });
  }

  async suite(fqn: string, { signal }: CallOptions = {}): Promise<TestSuiteRecord | undefined> {
    const path = `${SUITES}/name/${encodeFqnInPath(fqn)}`;
    return getIfThere(this.#transport, path, testSuiteRecord, { signal });
  }

  /** Creates the suite of a table, or returns the existing one. */
  async putBasicSuite(request: CreateTestSuiteRequest, { signal }: CallOptions = {}): Promise<TestSuiteRecord> {
    const path = `${SUITES}/executable`;
    const { body } = await this.#transport.request('PUT', path, { body: request, signal });
    return readAnswer(testSuiteRecord, body, `PUT /v1${path}`);
  }

  /** The cases of a suite, in pages. */
  cases(suiteId: string, options: CasesOptions = {}): AsyncGenerator<readonly TestCaseRecord[], void, undefined> {
    const fields = options.withResults === true ? `${CASE_FIELDS},testCaseResult` : CASE_FIELDS;
    const query = { testSuiteId: suiteId, fields, limit: PAGE };
    return listPages(this.#transport, CASES, testCaseRecord, query, options);
  }

  /**
   * Creates new cases; refused as a whole if one of them exists, or can't be created.
   * @throws PermanentError then
   */
  async createCases(requests: readonly CreateTestCaseRequest[], { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('POST', `${CASES}/createMany`, { body: requests, signal });
  }

  /** Creates a case, or changes the one with that name. */
  async putCase(request: CreateTestCaseRequest, { signal }: CallOptions = {}): Promise<TestCaseRecord> {
    const { body } = await this.#transport.request('PUT', CASES, { body: request, signal });
    return readAnswer(testCaseRecord, body, `PUT /v1${CASES}`);
  }

  async patchCase(id: string, operations: readonly PatchOperation[], { signal }: CallOptions = {}): Promise<void> {
    if (operations.length === 0) return;
    await this.#transport.request('PATCH', `${CASES}/${encodeFqnInPath(id)}`, { body: operations, signal });
  }

  /**
   * Adds a result. A case has one result per time: a second one is refused with 409. As the run has a fixed time, this
   * means that an earlier attempt of this run has sent it.
   */
  async postResult(
    caseFqn: string,
    result: CreateTestCaseResult,
    { signal }: CallOptions = {}
  ): Promise<'added' | 'was there'> {
    const path = `${CASES}/testCaseResults/${encodeFqnInPath(caseFqn)}`;
    const { status } = await this.#transport.request('POST', path, { body: result, signal, accept: [409] });
    return status === 409 ? 'was there' : 'added';
  }

  /** Results between two times (milliseconds since the epoch, both included), newest first. */
  async results(
    caseFqn: string,
    { startTs, endTs }: { readonly startTs: number; readonly endTs: number },
    { signal }: CallOptions = {}
  ): Promise<readonly TestCaseResultRecord[]> {
    const path = `${CASES}/testCaseResults/${encodeFqnInPath(caseFqn)}`;
    const { body } = await this.#transport.request('GET', path, { query: { startTs, endTs }, signal });
    return readAnswer(z.object({ data: z.array(testCaseResultRecord) }), body, `GET /v1${path}`).data;
  }

  /**
   * Rows that failed the case's latest result, which must be Failed.
   * @param data columns and rows as JSON, by `exactJson`
   * @param anyColumns true for rows from a user's query, whose columns need not be the table's
   */
  async putFailedRows(
    caseId: string,
    data: string,
    { anyColumns = false, signal }: CallOptions & { readonly anyColumns?: boolean } = {}
  ): Promise<void> {
    const path = `${CASES}/${encodeFqnInPath(caseId)}/failedRowsSample`;
    await this.#transport.request('PUT', path, {
      query: { validateColumns: !anyColumns },
      json: Buffer.from(data),
      signal,
    });
  }

  /** The SQL that returns the failed rows. */
  async putInspectionQuery(caseId: string, sql: string, { signal }: CallOptions = {}): Promise<void> {
    const path = `${CASES}/${encodeFqnInPath(caseId)}/inspectionQuery`;
    const headers = { 'Content-Type': 'text/plain' };
    await this.#transport.request('PUT', path, { json: Buffer.from(sql), headers, signal });
  }

  /** Whether rows of tables may be kept: the server's global setting, true unless it says otherwise. */
  async storesSampleData({ signal }: CallOptions = {}): Promise<boolean> {
    const answer = await this.#transport.request('GET', '/system/settings/profilerConfiguration', {
      signal,
      accept: [404],
    });
    const parsed = settings.safeParse(answer.status === 404 ? {} : answer.body);
    const { config_value: value, sampleDataConfig: own } = parsed.success ? parsed.data : {};
    return (value?.sampleDataConfig ?? own)?.storeSampleData !== false;
  }

  /** Adds cases to a logical suite. */
  async addToSuite(suiteId: string, caseIds: readonly string[], { signal }: CallOptions = {}): Promise<void> {
    const body = { testSuiteId: suiteId, testCaseIds: caseIds };
    await this.#transport.request('PUT', `${CASES}/logicalTestCases`, { body, signal });
  }
}
