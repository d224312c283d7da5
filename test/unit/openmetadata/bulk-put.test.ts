import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { HttpStatusError, OpenMetadataClient, type CreateTableRequest } from '../../../src/openmetadata/index.js';
import { RecordedTransport, type RecordedCall } from './recorded-transport.js';
import { errorOf } from './transport-under-test.js';

const table = (name: string): CreateTableRequest => ({ name, databaseSchema: 's.d.c', columns: [] });
const tables = ['a', 'b', 'c'].map(table);
const client = (transport: RecordedTransport): OpenMetadataClient => new OpenMetadataClient({ transport });
const namesIn = (call: RecordedCall): string[] =>
  (call.options.body as readonly CreateTableRequest[]).map(({ name }) => name);
const refused = (status: number): Error =>
  new PermanentError('refused', { cause: new HttpStatusError(status, 'refused') });
const accepted = (call: RecordedCall): object => ({
  status: 'success',
  successRequest: namesIn(call).map((name) => ({ request: `s.d.c.${name}`, status: 200 })),
});

describe('a bulk PUT', () => {
  it('is synchronous, one call, with overrideMetadata as asked', async () => {
    const transport = new RecordedTransport((call) => ({ body: accepted(call) }));
    expect(await client(transport).tables.bulkPut(tables, { overrideMetadata: true })).to.deep.equal({
      rows: [
        { fqn: 's.d.c.a', ok: true },
        { fqn: 's.d.c.b', ok: true },
        { fqn: 's.d.c.c', ok: true },
      ],
      passed: 3,
      failed: 0,
    });
    expect(transport.calls.map(({ method, path, options }) => [method, path, options.query])).to.deep.equal([
      ['PUT', '/tables/bulk', { async: false, overrideMetadata: true }],
    ]);
  });

  it('of nothing is not sent', async () => {
    const transport = new RecordedTransport();
    expect(await client(transport).tables.bulkPut([])).to.deep.equal({ rows: [], passed: 0, failed: 0 });
    expect(transport.calls).to.deep.equal([]);
  });

  it('reports refused rows as rows, in the order of the requests', async () => {
    const body = {
      status: 'partialSuccess',
      failedRequest: [{ request: 's.d.c.b', status: 400, message: 'bad columns' }],
      successRequest: [{ request: 's.d.c.c' }, { request: 's.d.c.a' }],
    };
    const { rows, passed, failed } = await client(new RecordedTransport(() => ({ body }))).tables.bulkPut(tables);
    expect(rows[1]).to.deep.equal({ fqn: 's.d.c.b', ok: false, message: 'bad columns' });
    expect([rows[0]?.ok, rows[2]?.ok, passed, failed]).to.deep.equal([true, true, 2, 1]);
  });

  it('takes a row that is not answered for a failed one, and says why when the server does', async () => {
    const body = {
      status: 'aborted',
      abortReason: 'shutting down',
      successRequest: [{ request: 's.d.c.a' }],
      failedRequest: null,
    };
    const { rows } = await client(new RecordedTransport(() => ({ body }))).tables.bulkPut(tables);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([true, false, false]);
    expect(rows[2]?.message).to.equal('OpenMetadata gave no answer for this row: shutting down.');
  });

  it('matches rows whatever their quoting, by a name that is unique, and by a request inside the row', async () => {
    const requests = [table('x.y'), table('plain'), table('whole')];
    const successRequest = [
      { request: '"s".d."c"."x.y"' },
      { request: 'plain' },
      { request: { name: 'whole', columns: [] } },
    ];
    const { failed } = await client(new RecordedTransport(() => ({ body: { successRequest } }))).tables.bulkPut(
      requests
    );
    expect(failed).to.equal(0);
  });

  it('does not match by name when two schemas have it', async () => {
    const requests = [table('t'), { ...table('t'), databaseSchema: 's.d.other' }];
    const { rows } = await client(
      new RecordedTransport(() => ({ body: { successRequest: [{ request: 't' }] } }))
    ).tables.bulkPut(requests);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([false, false]);
  });

  it('gives the same entity sent twice a row each', async () => {
    const body = {
      successRequest: [{ request: 's.d.c.a' }],
      failedRequest: [{ request: 's.d.c.a', message: 'duplicate' }],
    };
    const { rows } = await client(new RecordedTransport(() => ({ body }))).tables.bulkPut([table('a'), table('a')]);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([true, false]);
  });

  it('does not stumble over a name that no FQN can hold', async () => {
    const body = { successRequest: [{ request: 's.d.c.a' }], failedRequest: [{ request: 'b"c', message: 'bad name' }] };
    const { rows } = await client(new RecordedTransport(() => ({ body }))).tables.bulkPut([table('a'), table('b"c')]);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([true, false]);
  });

  it('names every kind by the FQN it makes', async () => {
    const silent = client(new RecordedTransport(() => ({ body: {} })));
    const fqns = [
      await silent.databases.bulkPut([{ name: 'd.x', service: 's' }]),
      await silent.schemas.bulkPut([{ name: 'c', database: 's."d.x"' }]),
      await silent.tables.bulkPut([table('t')]),
      await silent.procedures.bulkPut([{ name: 'p', databaseSchema: 's.d.c', storedProcedureCode: { code: '' } }]),
    ].map(({ rows }) => rows[0]?.fqn);
    expect(fqns).to.deep.equal(['s."d.x"', 's."d.x".c', 's.d.c.t', 's.d.c.p']);
  });
});

describe('a bulk PUT that the server refuses as a whole', () => {
  for (const status of [400, 413, 422]) {
    it(`with ${status} is halved until the offending row stands alone`, async () => {
      const requests = ['a', 'b', 'bad', 'd', 'e', 'f', 'g'].map(table);
      const transport = new RecordedTransport((call) =>
        namesIn(call).includes('bad') ? refused(status) : { body: accepted(call) }
      );
      const { rows } = await client(transport).tables.bulkPut(requests);
      expect(rows.map(({ fqn, ok }) => [fqn, ok])).to.deep.equal(
        requests.map(({ name }) => [`s.d.c.${name}`, name !== 'bad'])
      );
      expect(transport.calls.length).to.be.below(2 * requests.length);
    });
  }

  it('with 409 is an error', async () => {
    await errorOf(client(new RecordedTransport(() => refused(409))).tables.bulkPut(tables), PermanentError);
  });

  it('with 500 is an error of the call: it may pass', async () => {
    const broken = new TransientError('deadlock', { cause: new HttpStatusError(500, 'deadlock') });
    const transport = new RecordedTransport(() => broken);
    await errorOf(client(transport).tables.bulkPut(tables), TransientError);
    expect(transport.calls).to.have.length(1);
  });
});

describe('a server without bulk paths', () => {
  for (const status of [404, 405]) {
    it(`(${status}) gets single PUTs, and is not asked for bulk again`, async () => {
      const transport = new RecordedTransport(({ path, options }) => {
        if (path.endsWith('/bulk')) return { status };
        return (options.body as CreateTableRequest).name === 'b' ? refused(400) : {};
      });
      const om = client(transport);
      const { rows } = await om.tables.bulkPut(tables, { overrideMetadata: true });
      expect(rows.map(({ ok }) => ok)).to.deep.equal([true, false, true]);
      await om.entities('tables').bulkPut([table('d')]);
      expect(transport.calls.map(({ path }) => path)).to.deep.equal([
        '/tables/bulk',
        ...Array<string>(4).fill('/tables'),
      ]);
      expect(transport.calls[1]?.options.query).to.deep.equal({ overrideMetadata: true });
    });
  }

  it('that fails for the moment fails the call, without further PUTs', async () => {
    const transport = new RecordedTransport(({ path }) =>
      path.endsWith('/bulk') ? { status: 404 } : new TransientError('down')
    );
    const many = Array.from({ length: 50 }, (_, index) => table(`t${index}`));
    await errorOf(client(transport).tables.bulkPut(many), TransientError);
    expect(transport.calls.length).to.be.below(10);
  });
});
