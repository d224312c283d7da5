import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { OpenMetadataClient, type CreateDatabaseServiceRequest } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';
import { errorOf } from './transport-under-test.js';

const stored = {
  id: '1',
  name: 'a.b',
  fullyQualifiedName: '"a.b"',
  serviceType: 'Mysql',
  connection: { config: { username: 'om' } },
};
const request: CreateDatabaseServiceRequest = {
  name: 'a.b',
  serviceType: 'Mysql',
  connection: { config: { type: 'Mysql', username: 'om', hostPort: 'h:3306', authType: { password: 'p' } } },
};

describe('a database service', () => {
  it('is found by its plain name, with its connection', async () => {
    const transport = new RecordedTransport(() => ({ body: stored }));
    const found = await new OpenMetadataClient({ transport }).services.find('a.b');
    expect(found?.connection?.config).to.deep.equal({ username: 'om' });
    expect(transport.calls[0]).to.deep.include({ method: 'GET', path: '/services/databaseServices/name/%22a.b%22' });
    expect(transport.calls[0]?.options.query).to.deep.equal({ fields: '*' });
  });

  it('may be stored without a connection, or not at all', async () => {
    const transport = new RecordedTransport((_, turn) =>
      turn === 0 ? { body: { ...stored, connection: null } } : { status: 404 }
    );
    const { services } = new OpenMetadataClient({ transport });
    expect((await services.find('a.b'))?.connection).to.equal(undefined);
    expect(await services.find('a.b')).to.equal(undefined);
  });

  it('is read again after it was created, until the server finds it', async () => {
    const transport = new RecordedTransport((_, turn) =>
      turn === 2 ? { body: stored } : turn === 0 ? { status: 201 } : { status: 404 }
    );
    expect(await new OpenMetadataClient({ transport }).services.create(request)).to.have.property('id', '1');
    expect(transport.calls.map(({ method }) => method)).to.deep.equal(['PUT', 'GET', 'GET']);
    expect(transport.calls[0]?.options.body).to.equal(request);
  });

  it('that is not found three times after its creation is a transient error', async () => {
    const transport = new RecordedTransport(({ method }) => ({ status: method === 'PUT' ? 201 : 404 }));
    await errorOf(
      new OpenMetadataClient({ transport }).services.create({ name: 'x', serviceType: 'SQLite' }),
      TransientError
    );
    expect(transport.calls).to.have.length(4);
  });
});

describe('labels', () => {
  it('are put as classification and tag', async () => {
    const transport = new RecordedTransport();
    const om = new OpenMetadataClient({ transport });
    await om.classifications.put({ name: 'MysqlTags', description: 'from the source' });
    await om.tags.put({ classification: 'MysqlTags', name: 'pii', description: 'from the source' });
    expect(transport.calls.map(({ method, path }) => [method, path])).to.deep.equal([
      ['PUT', '/classifications'],
      ['PUT', '/tags'],
    ]);
  });
});
