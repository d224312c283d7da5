import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { makeService } from '../services/make-service.js';

describe('om-ingest check', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  // no Temporal: a check needs none
  const check = (changes: Record<string, string> = {}, recipe = 'shop.yaml'): Promise<CliOutcome> =>
    runCli(['check', recipe], {
      env: { ...ingestion.env, TEMPORAL_ADDRESS: '127.0.0.1:1', ...changes },
      cwd: ingestion.folder,
    });

  it("tells the server's version, that it takes the token, and what it finds of the source", async () => {
    const { code, stdout, stderr } = await check();
    expect(code, stderr).to.equal(0);
    expect(stdout.split('\n').slice(0, 3)).to.deep.equal([
      `ok    openmetadata: version 2.0.7 at ${ingestion.catalog.hostPort}`,
      'ok    token: accepted; the service quickstart_shop is not there yet, the first run makes it',
      `ok    connection: opened ${ingestion.env['QUICKSTART_DATABASE']} for reading`,
    ]);
  });

  it('goes on to the source when no OpenMetadata answers, and ends with 2', async () => {
    const { code, stdout } = await check({ OM_HOST_PORT: 'http://127.0.0.1:1/api' });
    expect(code).to.equal(2);
    expect(stdout)
      .to.match(/^FAIL {2}openmetadata: .*127\.0\.0\.1:1.*\n {6}.*hostPort/)
      .and.to.match(/\nok +connection: /);
  });

  it('names the token when it is refused, and never shows it', async () => {
    const { code, stdout, stderr } = await check({ OM_JWT_TOKEN: 'not.a-token.of-anybody' });
    expect(code).to.equal(2);
    expect(stdout).to.match(/^FAIL {2}token: .*401.*\n {6}.*securityConfig\.jwtToken/);
    expect(stdout + stderr).not.to.contain('a-token');
  });

  it('names the services that are there when that of a profiler recipe is not', async () => {
    const recipe = readFileSync('recipes/quickstart/profiler.yaml', 'utf8');
    writeFileSync(join(ingestion.recipesDir, 'profiler.yaml'), recipe.replaceAll('quickstart_shop', 'shpo'));
    const { code, stdout } = await check({}, 'profiler.yaml');
    expect(code).to.equal(2);
    expect(stdout).to.match(
      /\nok +token: accepted\nFAIL {2}service: OpenMetadata has no service shpo\. It has no database/
    );
  });

  it('looks for a connection that the recipe lacks with the service in OpenMetadata', async () => {
    const recipe = readFileSync(join(ingestion.recipesDir, 'shop.yaml'), 'utf8');
    const bare = recipe.replace(/ {2}serviceConnection:[\s\S]*?(?= {2}sourceConfig:)/, '');
    writeFileSync(join(ingestion.recipesDir, 'bare.yaml'), bare);
    const { code, stdout } = await check({}, 'bare.yaml');
    expect(code).to.equal(2);
    expect(stdout).to.match(/\nFAIL {2}connection: OpenMetadata has no service quickstart_shop/);
  });

  it('warns of a service of that name that is of another type', async () => {
    await makeService(ingestion.catalog, 'quickstart_shop', 'Mysql');
    const { code, stdout } = await check();
    expect(code).to.equal(0);
    expect(stdout).to.match(/\nwarn +service: The service quickstart_shop in OpenMetadata is of type Mysql/);
  });
});
