import { expect } from 'chai';
import {
  COLUMN_DATA_TYPES,
  DATABASE_SERVICE_TYPES,
  PIPELINE_STATES,
  sourceHash,
  TABLE_TYPES,
  type BulkRequests,
  type CreateClassificationRequest,
  type CreateTagRequest,
  type LifeCycle,
  type LineageDetails,
} from '../../../src/openmetadata/index.js';
import { requestBodyProblems, schemaEnum, schemaProblems } from './request-schemas.js';

const user = { id: '4f7c1d8e-55a1-4d4a-9b0a-0e1f6d3c2b1a', type: 'user' } as const;
const label = {
  tagFQN: 'a.b',
  source: 'Classification',
  labelType: 'Automated',
  state: 'Confirmed',
  name: 'b',
  displayName: 'B',
  description: 'd',
} as const;
const lifeCycle: LifeCycle = {
  created: { timestamp: 1, accessedBy: user },
  updated: { timestamp: 2, accessedByAProcess: 'etl' },
  accessed: { timestamp: 3 },
};
const base = {
  name: 'n',
  displayName: 'N',
  description: 'd',
  tags: [label],
  owners: [{ ...user, name: 'u', fullyQualifiedName: 'u', displayName: 'U', description: 'd', deleted: false }],
  sourceUrl: 'https://example.org/x',
  domains: ['d'],
  dataProducts: ['p'],
  extension: { key: 1 },
  lifeCycle,
} as const;

/** Every key of every interface, so that a key the server does not know is found here. */
const full: BulkRequests = {
  databases: { ...base, service: 's', default: true, retentionPeriod: 'P1D' },
  databaseSchemas: { ...base, database: 's.d', retentionPeriod: 'P1D' },
  tables: {
    ...base,
    databaseSchema: 's.d.c',
    tableType: 'Partitioned',
    columns: [
      {
        name: 'a',
        dataType: 'ARRAY',
        displayName: 'A',
        arrayDataType: 'STRUCT',
        dataLength: 1,
        precision: 10,
        scale: 2,
        dataTypeDisplay: 'array<struct>',
        description: 'd',
        fullyQualifiedName: 's.d.c.n.a',
        tags: [label],
        constraint: 'NOT_NULL',
        ordinalPosition: 1,
        jsonSchema: '{}',
        children: [{ name: 'b', dataType: 'MEASURE HIDDEN' }],
      },
    ],
    tableConstraints: [
      {
        constraintType: 'FOREIGN_KEY',
        columns: ['a'],
        referredColumns: ['s.d.c.m.a'],
        relationshipType: 'MANY_TO_ONE',
      },
      { constraintType: 'CLUSTER_KEY', columns: ['a'] },
    ],
    tablePartition: { columns: [{ columnName: 'a', intervalType: 'TIME-UNIT', interval: 'DAY' }] },
    schemaDefinition: 'SELECT 1',
    locationPath: 's3://x',
    aliases: ['s.d.c.m'],
    retentionPeriod: 'P1D',
    fileFormat: 'parquet',
  },
  storedProcedures: {
    ...base,
    databaseSchema: 's.d.c',
    storedProcedureCode: { language: 'SQL', code: 'BEGIN END' },
    storedProcedureType: 'Function',
  },
  queries: {
    query: 'SELECT 1',
    service: 's',
    name: 'n',
    displayName: 'N',
    description: 'd',
    tags: [label],
    query_type: 'SELECT',
    exclude_usage: false,
    duration: 1.5,
    users: ['u'],
    usedBy: ['etl'],
    dialect: 'mysql',
    queryDate: 1,
    queryUsedIn: [{ ...user, type: 'table' }],
    triggeredBy: { ...user, type: 'storedProcedure' },
    processedLineage: true,
  },
};

describe('request bodies with every key they may have', () => {
  for (const [kind, request] of Object.entries(full)) {
    it(`of ${kind} fit OpenMetadata's schema, single and in bulk`, () => {
      expect(requestBodyProblems('PUT', `/${kind}`, request)).to.deep.equal([]);
      expect(requestBodyProblems('PUT', `/${kind}/bulk`, [request, request])).to.deep.equal([]);
    });

    it(`of ${kind} with a key too many are found`, () => {
      expect(requestBodyProblems('PUT', `/${kind}/bulk`, [{ ...request, surplus: 1 }])).to.not.deep.equal([]);
    });
  }

  it('of entities fit with their hash', () => {
    expect(schemaProblems('CreateTableRequest', { ...full.tables, sourceHash: sourceHash(full.tables) })).to.deep.equal(
      []
    );
  });

  it('of classifications and tags fit', () => {
    const classification: CreateClassificationRequest = {
      name: 'c',
      description: 'd',
      displayName: 'C',
      provider: 'user',
      mutuallyExclusive: false,
    };
    const tag: CreateTagRequest = { ...classification, name: 't', classification: 'c', parent: 'c.p' };
    expect(schemaProblems('CreateClassificationRequest', classification)).to.deep.equal([]);
    expect(schemaProblems('CreateTagRequest', tag)).to.deep.equal([]);
  });

  it('of lineage and life cycles fit', () => {
    const details: LineageDetails = {
      sqlQuery: 'SELECT ?',
      source: 'CrossDatabaseLineage',
      columnsLineage: [{ fromColumns: ['a'], toColumn: 'b', function: 'SUM' }],
      pipeline: { ...user, type: 'pipeline' },
      description: 'd',
      tempLineageTables: [{ fromEntity: 'a', toEntity: 'b' }],
    };
    expect(schemaProblems('LineageDetails', details)).to.deep.equal([]);
    expect(schemaProblems('LifeCycle', lifeCycle)).to.deep.equal([]);
  });
});

describe('the enumerations', () => {
  it('are those of OpenMetadata, all of them', () => {
    expect([...COLUMN_DATA_TYPES]).to.have.members([...schemaEnum('CreateTableRequest', 'DataType')]);
    expect([...TABLE_TYPES]).to.have.members([...schemaEnum('CreateTableRequest', 'TableType')]);
    expect([...DATABASE_SERVICE_TYPES]).to.have.members([
      ...schemaEnum('CreateDatabaseServiceRequest', 'DatabaseServiceType'),
    ]);
    expect([...PIPELINE_STATES]).to.have.members([...schemaEnum('PipelineStatus', 'PipelineState')]);
  });
});
