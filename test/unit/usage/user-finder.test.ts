import { expect } from 'chai';
import { OpenMetadataClient, tokenProvider } from '../../../src/openmetadata/index.js';
import { textOf } from '../../../src/local-catalog/json-value.js';
import type { Login } from '../../../src/usage/staged-line.js';
import { UserFinder } from '../../../src/usage/user-finder.js';
import { CatalogUnderTest } from '../local-catalog/catalog-under-test.js';

type Users = OpenMetadataClient['users'];

describe('users behind logins', () => {
  let server: CatalogUnderTest;
  let client: OpenMetadataClient;
  /** Calls of each kind. */
  let calls: { names: number; emails: number; lists: number };

  before(async () => {
    server = await CatalogUnderTest.start();
    client = new OpenMetadataClient({
      hostPort: server.catalog.hostPort,
      token: tokenProvider(server.catalog.token),
      userAgent: 'usage test',
      verifySSL: 'no-ssl',
    });
    for (const [name, email, isBot] of [
      ['ann', 'ann@x.example'],
      ['Bob', 'bob@x.example'],
      ['first.last', 'first.last@x.example'],
      ['etl-bot', 'etl@x.example', true],
      ['twin1', 'twin@x.example'],
      ['twin2', 'twin@x.example'],
      ['gone', 'gone@x.example'],
    ] as const)
      await server.ok('PUT', '/users', { name, email, ...(isBot === undefined ? {} : { isBot }) });
    const gone = await server.ok('GET', '/users/name/gone');
    await server.ok('DELETE', `/users/${textOf(gone.at('id'))}`);
  });
  after(async () => {
    await client.close();
    await server.close();
  });
  beforeEach(() => {
    calls = { names: 0, emails: 0, lists: 0 };
  });

  /** @param most users that are listed, in place of what is asked for */
  const finder = (most?: number): UserFinder => {
    const { users } = client;
    const counted: Pick<Users, 'findByName' | 'findByEmail' | 'list'> = {
      findByName: (...call) => {
        calls.names += 1;
        return users.findByName(...call);
      },
      findByEmail: (...call) => {
        calls.emails += 1;
        return users.findByEmail(...call);
      },
      list: (options) => {
        calls.lists += 1;
        return users.list(most === undefined ? options : { ...options, most });
      },
    };
    return new UserFinder(counted, new AbortController().signal);
  };
  const LOGINS: readonly Login[] = [
    ['ann', undefined],
    ['ANN', undefined],
    ['Bob', undefined],
    ['bob', undefined],
    ['first.last', undefined],
    ['etl-bot', undefined],
    ['gone', 'gone@x.example'],
    ['A9', 'ANN@x.example'],
    ['B9', 'bob@x.example'],
    ['T', 'twin@x.example'],
    ['nobody', 'nobody@x.example'],
    ['nobody', undefined],
    ['no "name" :: > \n', undefined],
  ];
  const NAMES = ['ann', 'ann', 'Bob', undefined, 'first.last', 'etl-bot', undefined, 'ann', 'Bob'];
  const EXPECTED = [...NAMES, undefined, undefined, undefined, undefined];
  const found = async (of: UserFinder): Promise<(string | undefined)[]> => {
    const names: (string | undefined)[] = [];
    for (const login of LOGINS) names.push((await of.find(login))?.name);
    return names;
  };
  const askForMany = async (of: UserFinder, many: number): Promise<void> => {
    await Promise.all(Array.from({ length: many }, (_, n) => of.find([`user${n}`, undefined])));
  };

  it('are asked for one by one when there are few logins', async () => {
    expect(await found(finder())).to.deep.equal(EXPECTED);
    expect(calls.lists).to.equal(0);
  });

  it('are the same when they are listed, once, since there are many logins', async () => {
    const many = finder();
    await askForMany(many, 500);
    const { names } = calls;
    expect(await found(many)).to.deep.equal(EXPECTED);
    await askForMany(many, 30_000);
    expect([names, calls]).to.deep.equal([50, { names: 50, emails: 0, lists: 1 }]);
  });

  it('are asked for one by one in a catalog with too many users', async () => {
    const many = finder(3);
    await askForMany(many, 60);
    expect(await found(many)).to.deep.equal(EXPECTED);
    expect(calls.lists).to.equal(1);
    expect(calls.names).to.be.above(60);
  });
});
