import { expect } from 'chai';
import { OpenMetadataClient, type ListedUser } from '../../../src/openmetadata/index.js';
import { answerJson, startScriptedServer } from './scripted-server.js';
import { openTransport } from './transport-under-test.js';

const USERS: readonly ListedUser[] = ['ann', 'bob', 'eve'].map((name) => {
  return { id: name, name, fullyQualifiedName: name, email: `${name}@x.example` };
});

describe('users that are listed', () => {
  /** @param forbidden the token may not */
  const listed = async (
    most: number,
    forbidden = false
  ): Promise<{ users: readonly ListedUser[] | undefined; calls: string[] }> => {
    const server = await startScriptedServer((response, _turn, { url }) => {
      if (forbidden) return answerJson(response, 403, { code: 403, message: 'not allowed' });
      const { searchParams } = new URL(url, 'http://server');
      const from = Number(searchParams.get('after') ?? 0);
      const to = from + Math.min(Number(searchParams.get('limit')), 1);
      const after = to < USERS.length ? { after: String(to) } : {};
      return answerJson(response, 200, { data: USERS.slice(from, to), paging: { total: USERS.length, ...after } });
    });
    const client = new OpenMetadataClient({ transport: openTransport(server.hostPort) });
    try {
      const users = await client.users.list({ most });
      return { users, calls: server.received.map(({ url }) => url.replace(/.*\?/, '')) };
    } finally {
      await client.close();
      await server.close();
    }
  };

  it('are those of all pages', async () => {
    const { users, calls } = await listed(3);
    expect(users).to.deep.equal(USERS);
    expect(calls).to.deep.equal(['limit=1', 'limit=1000&after=1', 'limit=1000&after=2']);
  });

  it('are none where there are too many, or the token may not list them, after one call', async () => {
    for (const asked of [listed(2), listed(3, true)]) {
      const { users, calls } = await asked;
      expect([users, calls]).to.deep.equal([undefined, ['limit=1']]);
    }
  });
});
