import { expect } from 'chai';
import { OpenMetadataClient, uniteColumnLineage, type LineageDetails } from '../../../src/openmetadata/index.js';
import { RecordedTransport, type Responder } from './recorded-transport.js';

const from = { fqn: 's.d.c.a' };
const to = { fqn: 's.d.c.b' };
const PATH = 'table/name/s.d.c.a/table/name/s.d.c.b';
const column = (source: string, target: string): { fromColumns: string[]; toColumn: string } => ({
  fromColumns: [`s.d.c.a.${source}`],
  toColumn: `s.d.c.b.${target}`,
});
const pipeline = { id: '4f7c1d8e-55a1-4d4a-9b0a-0e1f6d3c2b1a', type: 'storedProcedure' };
const wanted: LineageDetails = { source: 'QueryLineage', sqlQuery: 'INSERT ?', columnsLineage: [column('x', 'x')] };

const merge = async (respond: Responder, details = wanted): Promise<readonly [string, RecordedTransport]> => {
  const transport = new RecordedTransport(respond);
  return [await new OpenMetadataClient({ transport }).lineage.mergeEdge(from, to, details), transport];
};
const storedEdge =
  (edge: object): Responder =>
  ({ method }) =>
    method === 'GET' ? { body: { edge } } : {};

describe('a lineage edge', () => {
  it('that is not there is put by the names of its ends', async () => {
    const [outcome, { calls }] = await merge(({ method }) => ({ status: method === 'GET' ? 404 : 200 }));
    expect(outcome).to.equal('created');
    expect(calls.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      `GET /lineage/getLineageEdge/${PATH}`,
      `PUT /lineage/${PATH}`,
    ]);
    expect(calls[1]?.options.body).to.equal(wanted);
  });

  it('with an unknown end is told', async () => {
    expect((await merge(() => ({ status: 404 })))[0]).to.equal('unknown');
  });

  it('that is there gets the columns of both, and keeps its pipeline', async () => {
    const stored = {
      sqlQuery: 'old',
      source: 'QueryLineage',
      columnsLineage: [column('y', 'x'), column('z', 'z')],
      pipeline,
    };
    const other = { ...pipeline, id: '11111111-55a1-4d4a-9b0a-0e1f6d3c2b1a' };
    const [outcome, { calls }] = await merge(storedEdge(stored), { ...wanted, pipeline: other });
    expect(outcome).to.equal('updated');
    expect(calls[1]).to.deep.include({ method: 'PATCH', path: `/lineage/${PATH}` });
    expect(calls[1]?.options.body).to.deep.equal([
      {
        op: 'add',
        path: '/columnsLineage',
        value: [
          { toColumn: 's.d.c.b.x', fromColumns: ['s.d.c.a.x', 's.d.c.a.y'] },
          { toColumn: 's.d.c.b.z', fromColumns: ['s.d.c.a.z'] },
        ],
      },
      { op: 'add', path: '/sqlQuery', value: 'INSERT ?' },
    ]);
  });

  it('that says all of it already is left alone, also with its details inside', async () => {
    const stored = { sqlQuery: 'INSERT ?', columnsLineage: [column('y', 'x'), column('x', 'x')], pipeline: null };
    for (const edge of [stored, { fromEntity: {}, toEntity: {}, lineageDetails: stored }]) {
      const [outcome, { calls }] = await merge(storedEdge(edge));
      expect([outcome, calls.length]).to.deep.equal(['unchanged', 1]);
    }
  });

  it('gets a pipeline and temporary tables it did not have', async () => {
    const temp = [
      { fromEntity: 'a', toEntity: 'tmp' },
      { fromEntity: 'tmp', toEntity: 'b' },
    ];
    const stored = { sqlQuery: 'INSERT ?', columnsLineage: [column('x', 'x')], tempLineageTables: temp.slice(0, 1) };
    const [, { calls }] = await merge(storedEdge(stored), { ...wanted, pipeline, tempLineageTables: temp });
    expect(calls[1]?.options.body).to.deep.equal([
      { op: 'add', path: '/tempLineageTables', value: temp },
      { op: 'add', path: '/pipeline', value: pipeline },
    ]);
  });

  it('between ids and of other types has its own paths', async () => {
    const transport = new RecordedTransport();
    const { lineage } = new OpenMetadataClient({ transport });
    const end = { id: pipeline.id, type: 'table' };
    await lineage.putEdge({
      edge: { fromEntity: end, toEntity: { ...end, type: 'container' }, lineageDetails: wanted },
    });
    await lineage.deleteBySource({ fqn: 's.d.c."v.1"' }, 'ViewLineage');
    await lineage.putEdgeByName({ fqn: 'lake.x', type: 'container' }, to, {
      source: 'QueryLineage',
      columnsLineage: [],
    });
    await lineage.patchEdgeByName({ fqn: 's/1', type: 'container' }, to, [
      { op: 'add', path: '/sqlQuery', value: 'x' },
    ]);
    expect(transport.calls.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'PUT /lineage',
      'DELETE /lineage/source/name/table/s.d.c.%22v.1%22/type/ViewLineage',
      'PUT /lineage/container/name/lake.x/table/name/s.d.c.b',
      'PATCH /lineage/container/name/s%2F1/table/name/s.d.c.b',
    ]);
  });
});

describe('uniteColumnLineage', () => {
  it('gives the same value for the same content in any order', () => {
    const [one, other] = [
      [column('b', 't'), column('a', 't')],
      [column('a', 't'), column('a', 's')],
    ];
    expect(uniteColumnLineage(one, other)).to.deep.equal(uniteColumnLineage(other, one));
    expect(uniteColumnLineage(one, other).map(({ toColumn }) => toColumn)).to.deep.equal(['s.d.c.b.s', 's.d.c.b.t']);
  });

  it('keeps functions apart', () => {
    expect(uniteColumnLineage([{ ...column('a', 't'), function: 'SUM' }], [column('a', 't')])).to.have.length(2);
  });
});
