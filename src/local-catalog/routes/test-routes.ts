import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { exactJson } from '../../openmetadata/index.js';
import { ApiError, badRequest, entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import { sampleDataBody } from '../bodies/profile-bodies.js';
import { logicalTestCasesBody, testCaseBody, testCaseResultBody, testSuiteBody } from '../bodies/test-bodies.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import { numberOf, objectOf, objectsOf, omit, textOf, withoutNulls, type JsonObject } from '../json-value.js';
import { testCase } from '../kinds/test-case.js';
import { testSuite } from '../kinds/test-suite.js';
import { type EntityRow, referenceTo } from '../store/entity-row.js';
import { TestStore } from '../store/test-store.js';
import { viewEntity } from '../view-entity.js';
import { Lookup } from '../writing/lookup.js';
import { actorOf, param, query, queryFlag, queryNumber, requireType } from './request-parts.js';

const SUITES = '/dataQuality/testSuites';
const CASES = '/dataQuality/testCases';
const JSON_TYPE = 'application/json';
/** The server keeps no more rows of a sample. */
const MOST_SAMPLE_ROWS = 50;

/** Suites of tables, results, failed rows: what test suites and cases have besides the calls of every entity. */
export function testRoutes(server: FastifyInstance, catalog: Catalog): void {
  const { store, writer } = catalog;
  const tests = new TestStore(store.sqlite);

  for (const path of ['executable', 'basic']) {
    server.put(`${SUITES}/${path}`, (request, reply) => {
      requireType(request, 'application/json');
      const body = parseBody(testSuiteBody, request.body);
      if ((body.basicEntityReference ?? body.executableEntityReference ?? undefined) === undefined)
        throw badRequest('Cannot create a basic test suite without the basicEntityReference field set.');
      const put = store.sqlite.transaction(() => {
        const lookup = new Lookup(store);
        return writer.put(testSuite, body, writer.target(testSuite, body, lookup), lookup, putOptions(request));
      });
      void reply.code(put.outcome === 'created' ? 201 : 200);
      return viewEntity(testSuite, put.row, 'all', actorOf(request));
    });
  }

  server.post(`${CASES}/createMany`, (request) => {
    requireType(request, 'application/json');
    const bodies = parseBody(z.array(testCaseBody), request.body);
    const rows = store.sqlite.transaction(() => {
      const lookup = new Lookup(store);
      return bodies.map((body) => {
        const target = writer.target(testCase, body, lookup);
        if (store.stub('testCase', target.fqn) !== undefined)
          throw new ApiError(409, `Entity already exists: ${target.fqn}`);
        return writer.put(testCase, body, target, lookup, putOptions(request)).row;
      });
    });
    return rows.map((row) => viewEntity(testCase, row, 'all', actorOf(request)));
  });

  server.put(`${CASES}/logicalTestCases`, (request) => {
    requireType(request, 'application/json');
    const { testSuiteId, testCaseIds } = parseBody(logicalTestCasesBody, request.body);
    const suite = store.stubById('testSuite', testSuiteId);
    if (suite === undefined || suite.deleted) throw entityNotFound('testSuite', testSuiteId);
    if (store.find('testSuite', suite.fqn)?.document['basic'] === true)
      throw badRequest('You are trying to add test cases to a basic test suite.');
    store.sqlite.transaction(() => {
      for (const id of testCaseIds) addToLogical(caseById(id), referenceTo(suite));
      tests.addToSuite(testSuiteId, testCaseIds);
    });
    return referenceTo(suite);
  });

  server.post(`${CASES}/testCaseResults/:fqn`, (request, reply) => {
    requireType(request, 'application/json');
    const row = caseByFqn(param(request, 'fqn'));
    const body = withoutNulls(parseBody(testCaseResultBody, request.body));
    store.sqlite.transaction(() => addResult(row, body));
    void reply.code(201);
    return viewEntity(testCase, caseById(row.id), 'all', actorOf(request));
  });

  server.get(`${CASES}/testCaseResults/search/list`, (request) => {
    const suite = query(request, 'testSuiteId') ?? '';
    const data = tests.latestOfSuite(suite);
    return { data, paging: { total: data.length } };
  });

  server.get(`${CASES}/testCaseResults/:fqn`, (request) => {
    const row = caseByFqn(param(request, 'fqn'));
    const to = queryNumber(request, 'endTs', Number.MAX_SAFE_INTEGER, 0);
    const data = tests.results(row.id, queryNumber(request, 'startTs', 0, 0), to);
    return { data, paging: { total: data.length } };
  });

  server.delete(`${CASES}/testCaseResults/:fqn/:timestamp`, (request) => {
    const row = caseByFqn(param(request, 'fqn'));
    const timestamp = Number(param(request, 'timestamp'));
    store.sqlite.transaction(() => {
      if (!tests.removeResult(row.id, timestamp)) throw entityNotFound('testCaseResult', `${row.fqn} ${timestamp}`);
      showLatest(row);
    });
    return viewEntity(testCase, caseById(row.id), 'all', actorOf(request));
  });

  server.put(`${CASES}/:id/failedRowsSample`, (request, reply) => {
    requireType(request, 'application/json');
    const row = caseById(param(request, 'id'));
    const { columns, rows } = parseBody(sampleDataBody, request.body);
    if (textOf(objectOf(row.document['testCaseResult'])?.['testCaseStatus']) !== 'Failed')
      throw badRequest(`The latest result of ${row.fqn} is not Failed: it has no failed rows`);
    const known = new Set(columnNames(row));
    const unknown = columns.find((name) => !known.has(name));
    if (unknown !== undefined && queryFlag(request, 'validateColumns', true))
      throw badRequest(`Invalid column name ${unknown}`);
    const failedRowsSample = { columns, rows: rows.slice(0, MOST_SAMPLE_ROWS) };
    tests.putFailedRows(row.id, exactJson(failedRowsSample));
    const seen = viewEntity(testCase, row, 'all', actorOf(request));
    return reply.type(JSON_TYPE).send(exactJson({ ...seen, failedRowsSample }));
  });

  server.get(`${CASES}/:id/failedRowsSample`, (request, reply) => {
    const row = caseById(param(request, 'id'));
    const sample = tests.failedRows(row.id);
    if (sample === undefined) throw entityNotFound('failedRowsSample', row.fqn);
    return reply.type(JSON_TYPE).send(sample);
  });

  server.put(`${CASES}/:id/inspectionQuery`, (request) => {
    requireType(request, 'text/plain');
    const row = caseById(param(request, 'id'));
    if (typeof request.body !== 'string' || request.body === '')
      throw badRequest('The body must be the SQL of the query');
    store.rewrite(row.id, { ...row.document, inspectionQuery: request.body });
    return viewEntity(testCase, caseById(row.id), 'all', actorOf(request));
  });

  function putOptions(request: FastifyRequest): {
    actor: ReturnType<typeof actorOf>;
    overrideMetadata: boolean;
    now: number;
  } {
    return { actor: actorOf(request), overrideMetadata: false, now: Date.now() };
  }

  function caseByFqn(fqn: string): EntityRow {
    const row = store.find('testCase', normaliseFqn(fqn));
    if (row === undefined) throw entityNotFound('testCase', fqn);
    return row;
  }

  function caseById(id: string): EntityRow {
    const row = store.findById('testCase', id);
    if (row === undefined) throw entityNotFound('testCase', id);
    return row;
  }

  function addToLogical(row: EntityRow, suite: JsonObject): void {
    const suites = objectsOf(row.document['testSuites']);
    if (suites.some((known) => known['id'] === suite['id'])) return;
    store.rewrite(row.id, { ...row.document, testSuites: [...suites, suite] });
  }

  function addResult(row: EntityRow, body: JsonObject): void {
    const timestamp = numberOf(body['timestamp']) ?? 0;
    const status = textOf(body['testCaseStatus']);
    const isNewest = timestamp >= (numberOf(tests.latest(row.id)?.['timestamp']) ?? 0);
    const incidentId = status === 'Failed' ? tests.openIncident(row.id, timestamp) : undefined;
    const result = {
      ...body,
      id: randomUUID(),
      testCaseFQN: row.fqn,
      ...(incidentId === undefined ? {} : { incidentId }),
    };
    if (!tests.addResult(row.id, timestamp, result)) throw new ApiError(409, 'Entity already exists');
    if (!isNewest) return;
    if (status === 'Success') {
      tests.removeFailedRows(row.id);
      if (row.document['autoCloseIncident'] === true) tests.resolveIncident(row.id, timestamp);
    }
    showLatest(row, incidentId);
  }

  /** The newest result becomes the case's own. */
  function showLatest(row: EntityRow, incidentId?: string): void {
    const latest = tests.latest(row.id);
    const rest = omit(row.document, ['testCaseResult', 'testCaseStatus']);
    store.rewrite(row.id, {
      ...rest,
      ...(latest === undefined ? {} : { testCaseResult: latest, testCaseStatus: latest['testCaseStatus'] }),
      ...(incidentId === undefined ? {} : { incidentId }),
    });
  }

  function columnNames(row: EntityRow): readonly string[] {
    const { table } = tableFqnOf(row);
    return objectsOf(store.find('table', table)?.document['columns']).map((column) => textOf(column['name']) ?? '');
  }
}

function tableFqnOf(row: EntityRow): { table: string } {
  const link = textOf(row.document['entityLink']) ?? '';
  return { table: normaliseFqn(/^<#E::table::(.*?)(?:::columns::.*)?>$/s.exec(link)?.[1] ?? '') };
}
