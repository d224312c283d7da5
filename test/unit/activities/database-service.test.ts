import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { TestSuiteRecipe } from '../../../src/activities/data-quality/open-quality-stage.js';
import { prepareTests } from '../../../src/activities/data-quality/prepare-tests.js';
import { databaseServiceOf } from '../../../src/activities/run/database-service.js';
import type { RunInPreparation } from '../../../src/activities/run/kind-preparation.js';
import { PermanentError } from '../../../src/errors/index.js';
import { makeShopDatabase } from '../../../src/client/quickstart/shop-database.js';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { readRecipe, readRecipeText, type Recipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { Connections } from '../../../src/run-context/index.js';

describe('The database service of a run', () => {
  let folder: string;
  let catalog: LocalCatalog;
  let connections: Connections;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'database-service-'));
    makeShopDatabase(join(folder, 'shop.db'));
    catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
    connections = new Connections({});
  });
  after(async () => {
    await connections.close();
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Of a recipe of the quickstart with another service. */
  const serviceOf = async (recipeName: string, serviceName: string): Promise<string> => {
    const file = join(folder, `${recipeName}.yaml`);
    const text = readFileSync(`recipes/quickstart/${recipeName}.yaml`, 'utf8')
      .replace(/serviceName: .*/, `serviceName: ${serviceName}`)
      .replace(/ingestionPipelineFQN: .*/, '')
      .replace(/\$\{QUICKSTART_DATABASE:-[^}]*\}/, join(folder, 'shop.db'))
      .replace(/\$\{OM_HOST_PORT:-[^}]*\}/, catalog.hostPort)
      .replace(/\$\{OM_JWT_TOKEN:-[^}]*\}/, catalog.token);
    writeFileSync(file, text);
    const { recipe, sha256 } = readRecipe(readRecipeText(file));
    const staged = { recipe, file: { file, sha256 } };
    const run = {
      shared: { connections },
      staged,
      recipe,
      client: await connections.client(staged),
      context: { signal: new AbortController().signal, recorder: new PartRecorder() },
    } as unknown as RunInPreparation<Recipe>;
    return (await databaseServiceOf(run)).serviceType ?? '';
  };

  for (const kind of ['profiler', 'lineage', 'usage']) {
    it(`is never made by ${kind}: a misspelt name is an error that tells what there is`, async () => {
      await serviceOf('metadata', 'shop');
      await serviceOf('metadata', 'warehouse');
      expect(await serviceOf(kind, 'shop')).to.equal('SQLite');
      const error = await serviceOf(kind, 'shpo').catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PermanentError);
      if (!(error instanceof PermanentError)) return;
      expect(error.message).to.equal(
        'OpenMetadata has no service shpo. Did you mean `shop`? It has `shop`, `warehouse`.'
      );
      expect(error).to.include({ where: 'source.serviceName' });
      expect(error.remedy).to.include('run its metadata recipe first');
      const stored = await fetch(`${catalog.hostPort}/v1/services/databaseServices/name/shpo`, {
        headers: { Authorization: `Bearer ${catalog.token}` },
      });
      expect(stored.status).to.equal(404);
    });
  }

  it('without a connection ends a run of tests of its table before it starts', async () => {
    const text = readFileSync('recipes/quickstart/data-quality.yaml', 'utf8')
      .replace(/ +serviceConnections:[^]*?(?=processor:)/, '')
      .replaceAll('quickstart_shop', 'bare')
      .replace(/\$\{OM_HOST_PORT:-[^}]*\}/, catalog.hostPort)
      .replace(/\$\{OM_JWT_TOKEN:-[^}]*\}/, catalog.token);
    const file = join(folder, 'tests.yaml');
    writeFileSync(file, text);
    const { recipe, sha256 } = readRecipe(readRecipeText(file));
    const staged = { recipe, file: { file, sha256 } };
    const client = await connections.client(staged);
    await client.services.create({ name: 'bare', serviceType: 'SQLite' });
    const run = { shared: { connections }, staged, recipe } as unknown as RunInPreparation<TestSuiteRecipe>;
    const error: unknown = await prepareTests.prepare(run).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PermanentError).and.include({
      message: 'The service bare in OpenMetadata has no stored connection, and the recipe has no connection for it.',
      where: 'source.sourceConfig.config.serviceConnections',
    });
  });
});
