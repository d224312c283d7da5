import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import type { Release } from '../../src/local-catalog/index.js';
import { runCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const RELEASES: readonly Release[] = ['1.13', '2.0', '2.1'];

const report = z.looseObject({
  state: z.string(),
  notes: z.array(z.string()),
  steps: z.array(z.looseObject({ deleted: z.number().optional() })),
});
const named = z.object({ id: z.string(), fullyQualifiedName: z.string() });
const graph = z.object({ upstreamEdges: z.array(z.looseObject({})).optional() });

/** What stands in a catalog in the end: names of live tables, and how many edges lead into each. */
type Standing = Readonly<Record<string, number>>;

describe('OpenMetadata as it was and will be, played by the local catalog', () => {
  const standings = new Map<Release, Standing>();

  for (const release of RELEASES) {
    describe(release, () => {
      let ingestion: Ingestion;

      before(async () => {
        ingestion = await startIngestion({ release });
        await ingestion.startWorker();
      });
      after(() => ingestion.stop());

      const run = async (recipe: string): Promise<z.infer<typeof report>> => {
        const options = { env: ingestion.env, cwd: ingestion.folder };
        const { stdout, stderr } = await runCli(['run', recipe, '--json'], options);
        expect(stdout, stderr).to.match(/^{/);
        return report.parse(JSON.parse(stdout));
      };
      const get = async (path: string): Promise<unknown> => {
        const { url, token } = ingestion.catalog;
        const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
        expect(answer.status, path).to.equal(200);
        return answer.json();
      };

      it('says its version, which needs no warning', async () => {
        const { code, stdout } = await runCli(['check', 'recipes/mysql/metadata.yaml'], {
          env: ingestion.env,
          cwd: ingestion.folder,
        });
        expect(code, stdout).to.equal(0);
        expect(stdout).to.match(new RegExp(`ok +openmetadata.*${release.replace('.', '\\.')}\\.`));
      });

      it('takes a metadata run and a lineage run, and the change of a second one', async () => {
        for (const recipe of ['mysql/metadata.yaml', 'mysql/lineage.yaml']) {
          const { state, notes } = await run(recipe);
          expect({ recipe, state }).to.deep.equal({ recipe, state: 'success' });
          expect(notes.filter((note) => note.includes('tested'))).to.deep.equal([]);
        }
        const shop = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
        shop.exec('CREATE TABLE passing (id INTEGER)');
        await run('mysql/metadata.yaml');
        shop.exec('DROP TABLE passing');
        shop.close();
        const { state, steps } = await run('mysql/metadata.yaml');
        expect(state).to.equal('success');
        expect(steps.map(({ deleted = 0 }) => deleted)).to.include(1);

        const tables = z.object({ data: z.array(named) }).parse(await get('/tables?limit=1000')).data;
        const standing: Record<string, number> = {};
        for (const { id, fullyQualifiedName } of tables) {
          const { upstreamEdges = [] } = graph.parse(
            await get(`/lineage/table/${id}?upstreamDepth=1&downstreamDepth=0`)
          );
          standing[fullyQualifiedName] = upstreamEdges.length;
        }
        expect(Object.keys(standing).some((name) => name.endsWith('.passing'))).to.equal(false);
        expect(Object.values(standing).some((edges) => edges > 0)).to.equal(true);
        standings.set(release, standing);
      });
    });
  }

  // in a suite of its own: mocha runs the tests of a suite before the suites in it
  describe('whichever it is', () => {
    it('ends with the same tables and edges', () => {
      expect([...standings.keys()]).to.deep.equal(RELEASES);
      for (const release of RELEASES) expect(standings.get(release), release).to.deep.equal(standings.get('2.0'));
    });
  });
});
