import { expect } from 'chai';
import { partitionOf } from '../../../src/measures/index.js';
import { ProfilesApi } from '../../../src/openmetadata/api/profiles.js';
import { TestsApi } from '../../../src/openmetadata/api/tests.js';
import type { MeasuredColumn } from '../../../src/sources/index.js';
import { startScriptedServer, type ScriptedServer } from './scripted-server.js';
import { openTransport } from './transport-under-test.js';

const PARTITIONING =
  '{"partitionColumnName":"u","partitionIntervalType":"COLUMN-VALUE","partitionValues":[9007199254740993,7,"x",9007199254740993.01,0.5],"partitionIntegerRangeStart":9007199254740993,"partitionIntegerRangeEnd":9007199254740995}';
const TABLE = `{"id":"1","name":"t","version":0.1000000000000000055,"fullyQualifiedName":"s.d.m.t","columns":[],"tableProfilerConfig":{"partitioning":${PARTITIONING}}}`;
const KEPT = ['9007199254740993', 7, 'x', '9007199254740993.01', 0.5];
const COLUMN: MeasuredColumn = { name: 'u', dataType: 'BIGINT' };

describe('A partition that OpenMetadata keeps for a table', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());

  it('has all digits of its values and its range', async () => {
    server = await startScriptedServer((response, turn) => {
      const body = turn === 1 ? `{"data":[${TABLE}],"paging":{}}` : TABLE;
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    const transport = openTransport(server.hostPort);
    const profiles = new ProfilesApi(transport);
    const one = await profiles.table('s.d.m.t');
    expect(one?.tableProfilerConfig?.partitioning?.['partitionValues']).to.deep.equal(KEPT);
    for await (const [listed] of profiles.tables('s.d.m', undefined))
      expect(listed?.tableProfilerConfig?.partitioning?.['partitionValues']).to.deep.equal(KEPT);
    const tested = await new TestsApi(transport).table('s.d.m.t');
    expect(tested?.tableProfilerConfig?.['partitioning']).to.deep.include({ partitionValues: KEPT });
    const range = { ...one?.tableProfilerConfig?.partitioning, partitionIntervalType: 'INTEGER-RANGE' };
    expect(partitionOf(range, [COLUMN], 0, 's.d.m.t')?.where).to.deep.equal({
      op: 'and',
      of: [
        { op: 'compare', column: COLUMN, is: '>=', value: { decimal: '9007199254740993' } },
        { op: 'compare', column: COLUMN, is: '<=', value: { decimal: '9007199254740995' } },
      ],
    });
  });
});
