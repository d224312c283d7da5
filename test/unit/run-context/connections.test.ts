import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { Connections, type StagedRecipe } from '../../../src/run-context/index.js';
import { allowedNames, withReach } from '../../../src/reach/index.js';
import { redact, Secret, type ManagerChoice } from '../../../src/secrets/index.js';
import { edited, readMetadata, RECIPE } from '../recipe/recipe-fixture.js';

/** A manager of which the test says what it holds. */
class HeldSecrets {
  readonly values = new Map<string, string>();
  readonly asked: [id: string, choice: ManagerChoice][] = [];

  read(id: string, choice: ManagerChoice): Promise<Secret> {
    this.asked.push([id, choice]);
    return Promise.resolve(new Secret(this.values.get(id) ?? expect.fail(`${id} was asked for`)));
  }
}

const MANAGED =
  '    authProvider: openmetadata\n    secretsManagerProvider: managed-aws\n    secretsManagerLoader: env';

function staged(text: string, run?: string): StagedRecipe {
  const recipe = readMetadata(edited('    authProvider: openmetadata', MANAGED, text));
  return run === undefined ? { recipe } : { recipe, run };
}

/** RECIPE with its password written in another way. */
function withPassword(reference: string): string {
  return edited('${MYSQL_PASSWORD}', reference);
}

describe('the connections of a run', () => {
  let folder: string;
  let managers: HeldSecrets;
  let connections: Connections;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'connections-'));
    managers = new HeldSecrets();
    connections = new Connections({ managers });
  });
  afterEach(async () => {
    await connections.close();
    rmSync(folder, { recursive: true });
  });

  it('read secrets from the manager that the recipe names, each time they are opened', async () => {
    const recipe = staged(withPassword('secret:/om/shop'));
    for (const value of ['first-hunter2', 'second-hunter2']) {
      managers.values.set('/om/shop', value);
      expect(await connections.ofService(recipe)).to.have.nested.property('config.authType.password', value);
    }
    expect(managers.asked[0]).to.deep.equal(['/om/shop', { provider: 'managed-aws', loader: 'env' }]);
  });

  it('read from a manager for a recipe that was sent what such recipes may name, and nothing else', async () => {
    managers.values.set('/om/shop', 'first-hunter2');
    const recipe = staged(withPassword('secret:/om/shop'));
    const within = (names: string): Promise<unknown> =>
      withReach({ secrets: allowedNames(names) }, () => connections.ofService(recipe)).catch((error: unknown) => error);
    expect(await within('/om/*')).to.have.nested.property('config.authType.password', 'first-hunter2');
    expect(String(await within('/other/*'))).to.contain(
      "source.serviceConnection.config.authType.password: secret:/om/shop isn't a secret that recipes sent to this worker may name (OM_INGEST_SECRETS)"
    );
    expect(managers.asked).to.have.length(1);
  });

  it('name the token file in a variable that a recipe may not read, since a path is no secret', async () => {
    process.env['OM_JWT_TOKEN'] = join(folder, 'token');
    try {
      const error: unknown = await withReach({ folders: ['/var/lib/om'] }, async () => {
        const client = await connections.client({ recipe: readMetadata(RECIPE) });
        return client.services.find('shop');
      }).catch((thrown: unknown) => thrown);
      const text = redact(String(error));
      expect(text)
        .to.contain(`The token file ${join(folder, 'token')} is outside the folders`)
        .and.contain('OM_INGEST_FILES');
    } finally {
      delete process.env['OM_JWT_TOKEN'];
    }
  });

  it('are stored with their secrets, but with references to a manager as they are', async () => {
    expect(await connections.toStore(staged(withPassword('secret:/om/shop')))).to.have.nested.property(
      'authType.password',
      'secret:/om/shop'
    );
    const file = join(folder, 'password');
    writeFileSync(file, 'stored-hunter2');
    expect(await connections.toStore(staged(withPassword(`file:${file}`)))).to.have.nested.property(
      'authType.password',
      'stored-hunter2'
    );
    expect(managers.asked).to.deep.equal([]);
  });

  it('know which secrets of a run have changed since it read them, in a manager or in a file; asked again, none', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'before-hunter2');
    managers.values.set('/om/shop', 'before-hunter2');
    await connections.ofService(staged(withPassword(`file:${file}`), 'r1'));
    await connections.ofService(staged(withPassword('secret:/om/shop'), 'r1'));
    expect(await connections.changedSecrets('r1')).to.deep.equal([]);
    writeFileSync(file, 'after-hunter2');
    managers.values.set('/om/shop', 'after-hunter2');
    expect(await connections.changedSecrets('r2')).to.deep.equal([]);
    expect(await connections.changedSecrets('r1')).to.deep.equal([`file:${file}`, 'secret:/om/shop']);
    expect(await connections.changedSecrets('r1')).to.deep.equal([]);
  });

  describe('with a service of OpenMetadata', () => {
    let catalog: LocalCatalog;
    before(async () => {
      catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
    });
    after(() => catalog.close());

    /** A recipe without a connection, whose token is in the manager. */
    function fetching(): StagedRecipe {
      const bare = RECIPE.replace(/ {2}serviceConnection:[^]*?(?= {2}sourceConfig:)/, '');
      return staged(
        edited('http://localhost:8585/api', catalog.hostPort, edited('${OM_JWT_TOKEN}', 'secret:token', bare))
      );
    }

    it('read the secrets that its server keeps in a manager, and the token of the bot', async () => {
      managers.values.set('token', catalog.token);
      managers.values.set('/om/prod/shop/password', 'fetched-managed-hunter2');
      const client = await connections.client(fetching());
      await client.services.create({
        name: 'shop',
        serviceType: 'Mysql',
        connection: {
          config: {
            type: 'Mysql',
            username: 'om',
            hostPort: 'db:3306',
            authType: { password: 'secret:/om/prod/shop/password' },
          },
        },
      });
      const { config } = await connections.ofService(fetching());
      expect(config).to.have.nested.property('authType.password', 'fetched-managed-hunter2');
    });

    it('read a token again that is refused', async () => {
      managers.values.set('token', 'a-token-that-was-revoked');
      const client = await connections.client(fetching());
      const refused: unknown = await client.services.find('shop').catch((error: unknown) => error);
      expect(refused).to.have.property('name', 'AuthenticationError');
      managers.values.set('token', catalog.token);
      expect(await client.services.find('shop')).to.have.property('name', 'shop');
    });

    it('say that there is none where none was stored, and where to write one', async () => {
      managers.values.set('token', catalog.token);
      const client = await connections.client(fetching());
      await client.services.create({ name: 'bare', serviceType: 'Mysql' });
      const outcome: unknown = await connections.ofService(fetching(), 'bare').catch((error: unknown) => error);
      expect(outcome).to.have.property(
        'message',
        'The service bare in OpenMetadata has no stored connection, and the recipe has no connection for it.'
      );
    });
  });
});
