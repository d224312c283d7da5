import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const RECIPE = 'recipes/mysql/metadata.yaml';

/** No message may hold one: neither the right ones nor the wrong ones. */
const WRONG_PASSWORD = 'wrong-pass-73914';

describe('Messages of om-ingest', () => {
  let ingestion: Ingestion;
  let env: Record<string, string>;

  before(async () => {
    ingestion = await startIngestion();
    env = { ...ingestion.env, MYSQL_USER: 'ingest', MYSQL_PASSWORD: WRONG_PASSWORD, MYSQL_HOST_PORT: '127.0.0.1:1' };
  });
  after(() => ingestion.stop());

  /** Everything a user gets to see has to hold one message and no stack. */
  const clear = ({ code, stdout, stderr }: CliOutcome): { code: number | null; text: string } => {
    const text = `${stderr}${stdout}`;
    expect(text).not.to.match(/\n\s+at \S+ \(|node:internal|node_modules/);
    expect(text).not.to.contain(WRONG_PASSWORD);
    return { code, text };
  };

  describe('about a recipe', () => {
    const withRecipe = async (
      change: (yaml: string) => string,
      command = 'run'
    ): Promise<{ code: number | null; text: string }> => {
      const file = join(ingestion.folder, 'changed.yaml');
      writeFileSync(file, change(readFileSync(RECIPE, 'utf8')));
      return clear(await runCli([command, file], { env }));
    };

    it('name an unknown key, its line and the nearest one', async () => {
      const { code, text } = await withRecipe((yaml) => yaml.replace('schemaFilterPattern:', 'schemaFilterPatern:'));
      expect(code).to.equal(3);
      expect(text)
        .to.match(/^error: .*changed\.yaml:\d+: .*schemaFilterPatern/)
        .and.to.contain('schemaFilterPattern');
    });

    it('name a duplicate key and its line', async () => {
      const { code, text } = await withRecipe((yaml) => yaml.replace('threads: 4', 'threads: 4\n      threads: 5'));
      expect(code).to.equal(3);
      expect(text)
        .to.match(/^error: .*changed\.yaml:\d+: .*threads/)
        .and.to.match(/twice|duplicate|again/i);
    });

    it('name a tab and its line', async () => {
      const { code, text } = await withRecipe((yaml) => yaml.replace('  type: mysql\n', '\ttype: mysql\n'));
      expect(code).to.equal(3);
      expect(text).to.match(/^error: .*changed\.yaml:5: .*tab/);
    });

    it('refuse an alias bomb within a second', async () => {
      const levels = Array.from({ length: 12 }, (_, level) => {
        const previous = Array<string>(10).fill(`*a${level}`).join(', ');
        return `a${level + 1}: &a${level + 1} [${previous}]`;
      });
      const { code, text } = await withRecipe(() => ['a0: &a0 [x]', ...levels].join('\n'), 'validate');
      expect(code).to.equal(3);
      expect(text).to.match(/^error: .*changed\.yaml:?\d*:? .*alias/i);
    });

    it('name a file that is not there', async () => {
      const { code, text } = clear(await runCli(['run', './absent.yaml'], { env }));
      expect(code).to.equal(3);
      expect(text).to.match(/^error: \.\/absent\.yaml: there is no such file\./);
    });

    it('name the recipes of a folder that was given for one', async () => {
      for (const command of ['validate', 'run', 'plan']) {
        const { code, text } = clear(await runCli([command, 'recipes/mysql'], { env }));
        expect(code, command).to.equal(3);
        expect(text).to.match(/^error: recipes\/mysql: is a folder, not a recipe\.[^]*recipes\/mysql\/metadata\.yaml/);
      }
    });

    it("say what a worker says about a name that isn't in its folder either", async () => {
      const worker = await ingestion.startWorker();
      const { code, text } = clear(await runCli(['run', 'absent.yaml', '--quiet'], { env }));
      worker.child.kill('SIGTERM');
      expect(code).to.equal(3);
      expect(text).to.match(/^error: absent\.yaml: .*recipes folder/);
    });
  });

  describe('about Temporal', () => {
    it('name the address and what to do when no server answers', async () => {
      const { code, text } = clear(await runCli(['run', RECIPE], { env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' } }));
      expect(code).to.equal(4);
      expect(text).to.match(
        /^error: No Temporal server answers at 127\.0\.0\.1:1 .*connection refused.*TEMPORAL_ADDRESS/
      );
    });

    it('name a namespace that is not there', async () => {
      const { code, text } = clear(await runCli(['status', 'x'], { env: { ...env, TEMPORAL_NAMESPACE: 'absent' } }));
      expect(code).to.equal(4);
      expect(text)
        .to.match(/namespace absent/)
        .and.to.contain('TEMPORAL_NAMESPACE');
    });

    it('name the setting of a worker that is off', async () => {
      const { code, text } = clear(await runCli(['worker'], { env: { ...env, OM_INGEST_CONCURRENCY: 'many' } }));
      expect(code).to.equal(2);
      expect(text).to.match(/^error: OM_INGEST_CONCURRENCY .*"many"/);
    });
  });

  describe('about a source and a catalog', () => {
    let mariadb: TestMariadb;

    before(async function () {
      if (!hasMariadb()) return this.skip();
      this.timeout(240_000);
      mariadb = await startMariadb();
      await ingestion.startWorker();
    });
    after(() => mariadb?.stop());

    const local = async (changes: Record<string, string>): Promise<{ code: number | null; text: string }> =>
      clear(
        await runCli(['run', RECIPE, '--local', '--quiet'], {
          env: {
            ...env,
            ...mariadbEnvironment(mariadb),
            ...changes,
          },
        })
      );

    it('name a host that is not known', async () => {
      const { code, text } = await local({ MYSQL_HOST_PORT: 'absent.invalid:3306' });
      expect(code).to.equal(2);
      expect(text).to.contain('absent.invalid');
    });

    it('say that user or password were refused', async () => {
      const { code, text } = await local({ MYSQL_PASSWORD: WRONG_PASSWORD });
      expect(code).to.equal(2);
      expect(text)
        .to.match(/refused the user or password/)
        .and.to.contain('authType.password');
    });

    it('say that the token was refused', async () => {
      const { code, text } = await local({ OM_JWT_TOKEN: token({ exp: 4_000_000_000 }) });
      expect(code).to.equal(2);
      expect(text)
        .to.match(/refused the token/)
        .and.to.contain('securityConfig.jwtToken');
    });

    it('say that the token has expired, and when', async () => {
      const { code, text } = await local({ OM_JWT_TOKEN: token({ exp: 1_700_000_000 }) });
      expect(code).to.equal(2);
      expect(text).to.match(/token expired at 2023-11-14T22:13:20/);
    });
  });
});

/** A JWT of nobody's. */
function token(claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'someone', isBot: true, ...claims })}.c2lnbmF0dXJl`;
}
