import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { answerJson, startScriptedServer } from './scripted-server.js';
import { errorOf, openTransport } from './transport-under-test.js';

const ID = '5e2a5ff5-4f1a-4a5c-9f0e-3c3b6f0c7a11';

describe('query costs', () => {
  const withAnswer = async <T>(
    answer: readonly [status: number, body: unknown],
    work: (costs: OpenMetadataClient['queryCosts']) => Promise<T>
  ): Promise<{ result: T; calls: number }> => {
    const server = await startScriptedServer((response) => answerJson(response, ...answer));
    const client = new OpenMetadataClient({ transport: openTransport(server.hostPort, { retry: { attempts: 2 } }) });
    try {
      return { result: await work(client.queryCosts), calls: server.received.length };
    } finally {
      await client.close();
      await server.close();
    }
  };

  it('says whether a record is there, in one call however the server says that it is not', async () => {
    expect(await withAnswer([200, { id: ID, cost: 1 }], (costs) => costs.has(ID))).to.include({ result: true });
    for (const status of [403, 404, 500]) {
      const asked = await withAnswer([status, { code: status, message: 'no' }], (costs) => costs.has(ID));
      expect(asked, String(status)).to.deep.equal({ result: false, calls: 1 });
    }
    const error = await errorOf(
      withAnswer([503, { code: 503, message: 'busy' }], (costs) => costs.has(ID)),
      TransientError
    );
    expect(error.message).to.contain('503');
  });

  it('tells the id of a record that it made, and none of one that was there', async () => {
    const request = {
      ...{ timestamp: 1, cost: 1, count: 1, totalDuration: 1 },
      jsonSchema: 'queryCostRecord',
      queryReference: { id: ID, type: 'query' },
    } as const;
    const made = await withAnswer([201, { id: ID }], (costs) => costs.create(request));
    expect(made.result).to.deep.equal({ outcome: 'created', id: ID });
    const there = await withAnswer([409, { code: 409, message: 'exists' }], (costs) => costs.create(request));
    expect(there.result).to.deep.equal({ outcome: 'there' });
  });
});
