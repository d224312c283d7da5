import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog, type Release } from '../../../src/local-catalog/index.js';

describe('A catalog that plays a release', () => {
  let catalog: LocalCatalog;
  const play = async (as: Release): Promise<void> => {
    catalog = await startLocalCatalog({ file: ':memory:', port: 0, as });
  };
  afterEach(() => catalog.close());

  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; message: string }> => {
    const answer = await fetch(`${catalog.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${catalog.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { message = '' } = (await answer.json().catch(() => ({}))) as { message?: string };
    return { status: answer.status, message };
  };

  it('of 1.13 knows no bulk calls, no deleteStale and no edges by name, in the words of a server that does not', async () => {
    await play('1.13');
    const unknown: [string, string, unknown?][] = [
      ['PUT', '/tables/bulk', []],
      ['DELETE', '/tables/deleteStale', {}],
      ['GET', '/lineage/getLineageEdge/table/name/a.b.c.d/table/name/a.b.c.e'],
      ['PUT', '/lineage/table/name/a.b.c.d/table/name/a.b.c.e', {}],
    ];
    for (const [method, path, body] of unknown) {
      const { status, message } = await call(method, path, body);
      expect({ path, status }).to.deep.equal({ path, status: 404 });
      expect(message).to.match(/^HTTP 404 Not Found/);
    }
    expect((await call('GET', '/lineage/getLineageEdge/1/2')).message).not.to.match(/^HTTP 404/);
  });

  it('of 2.0 takes an ingestion pipeline without sourceConfig.config.type as far as its service, that of 2.1 refuses it', async () => {
    const pipeline = {
      name: 'p',
      pipelineType: 'metadata',
      sourceConfig: { config: {} },
      airflowConfig: {},
      service: { id: 'none', type: 'databaseService' },
    };
    await play('2.0');
    expect((await call('PUT', '/services/ingestionPipelines', pipeline)).message).not.to.contain(
      'sourceConfig.config.type'
    );
    await catalog.close();
    await play('2.1');
    expect(await call('PUT', '/services/ingestionPipelines', pipeline)).to.deep.equal({
      status: 400,
      message: 'sourceConfig.config.type is missing',
    });
  });

  it('of 2.1 refuses an edge whose pipeline is neither a pipeline nor a procedure', async () => {
    await play('2.1');
    const edge = { pipeline: { id: '1', type: 'ingestionPipeline' } };
    const { status, message } = await call('PUT', '/lineage/table/name/a.b.c.d/table/name/a.b.c.e', edge);
    expect(status).to.equal(400);
    expect(message).to.contain('found: ingestionPipeline');
  });
});
