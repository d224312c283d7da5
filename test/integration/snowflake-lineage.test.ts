import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, startCli, type CliOutcome, type CliProcess } from '../services/cli.js';
import { startFakesnow, type Fakesnow } from '../services/fakesnow.js';
import { fakesnowEnvironment } from '../services/fakesnow/environment.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const LOGS = ['access-history', 'query-history'] as const;

/** Where the two logs hold different statements, the newest of each has its own text. */
const text = z.union([z.string(), z.record(z.enum(LOGS), z.string())]);
const golden = z.record(
  z.string(),
  z.object({ source: z.string(), columns: z.array(z.string()), sqlQuery: text, procedure: z.string().optional() })
);
type Edges = Record<string, { source: string; columns: string[]; sqlQuery: string; procedure?: string }>;

function expectedEdges(log: (typeof LOGS)[number]): Edges {
  const edges = golden.parse(JSON.parse(readFileSync('test/data/snowflake-lineage/edges.json', 'utf8')));
  const expected = Object.fromEntries(
    Object.entries(edges).map(([ends, { sqlQuery, procedure, ...edge }]) => [
      ends,
      {
        ...edge,
        sqlQuery: typeof sqlQuery === 'string' ? sqlQuery : sqlQuery[log],
        ...(procedure === undefined ? {} : { procedure }),
      },
    ])
  );
  return log === 'access-history' ? { ...expected, ...LOADED } : expected;
}

const tables = z.object({ data: z.array(z.object({ id: z.string(), fullyQualifiedName: z.string() })) });
const graph = z.object({
  upstreamEdges: z.array(
    z.object({
      fromEntity: z.string(),
      lineageDetails: z.object({
        source: z.string(),
        sqlQuery: z.string().optional(),
        columnsLineage: z.array(z.object({ fromColumns: z.array(z.string()), toColumn: z.string() })).optional(),
        pipeline: z.object({ fullyQualifiedName: z.string().optional(), type: z.string() }).optional(),
      }),
    })
  ),
});
const report = z.object({ state: z.string(), notes: z.array(z.string()) });

/** Made of a load from a folder of the bucket; query texts say nothing about what a stage is. */
const LOADED: Edges = {
  'lake.shop-files → snowflake.ANALYTICS.RAW.STG_ORDERS': { source: 'QueryLineage', columns: [], sqlQuery: '' },
};

/** The shipped recipe against the seeded emulator, each way in a catalog of its own. */
for (const log of LOGS) {
  describe(`om-ingest run recipes/snowflake/lineage.yaml through ${log}`, () => {
    let fakesnow: Fakesnow;
    let ingestion: Ingestion;
    let worker: CliProcess | undefined;
    let env: Record<string, string>;

    before(async () => {
      fakesnow = await startFakesnow({ chunkRows: 3 });
      await fakesnow.seed();
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY VALUES
          ('f', 's3://elsewhere/', DATEADD('hour', -9, CURRENT_TIMESTAMP()), 1, 'Loaded', 'ANALYTICS', 'RAW', 'ORDERS')`
      );
      ingestion = await startIngestion();
      await put('services/storageServices', { name: 'lake', serviceType: 'S3' });
      await put('containers', { name: 'shop-files', service: 'lake', fullPath: 's3://shop-files' });
      copyFileSync('recipes/snowflake/metadata.yaml', join(ingestion.recipesDir, 'metadata.yaml'));
      const recipe = readFileSync('recipes/snowflake/lineage.yaml', 'utf8');
      writeFileSync(
        join(ingestion.recipesDir, 'lineage.yaml'),
        log === 'access-history' ? recipe : recipe.replace('useAccessHistory: true', 'useAccessHistory: false')
      );
      env = { ...ingestion.env, ...fakesnowEnvironment(fakesnow) };
      worker = startCli(['worker'], { env, cwd: ingestion.folder });
      await worker.until('worker is ready');
      const { code, stderr } = await run('metadata.yaml');
      expect(code, stderr).to.equal(0);
    });
    after(async () => {
      worker?.child.kill('SIGTERM');
      await worker?.ended;
      await ingestion.stop();
      await fakesnow.stop();
    });

    const run = (...args: string[]): Promise<CliOutcome> => runCli(['run', ...args], { env, cwd: ingestion.folder });

    async function get(path: string): Promise<unknown> {
      const { url, token } = ingestion.catalog;
      const response = await fetch(`${url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
      return response.json();
    }

    async function put(path: string, body: object): Promise<void> {
      const { url, token } = ingestion.catalog;
      const headers = { Authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(`${url}/api/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
      expect(response.status, await response.text()).to.equal(201);
    }

    /** Every edge into a table of the catalog by its ends, columns as `from → to`. */
    async function edges(): Promise<Edges> {
      const { data } = tables.parse(await get('tables?limit=1000'));
      const containers = tables.parse(await get('containers?limit=1000')).data;
      const names = new Map([...data, ...containers].map(({ id, fullyQualifiedName }) => [id, fullyQualifiedName]));
      const found: [string, Edges[string]][] = [];
      for (const { id, fullyQualifiedName: to } of data) {
        const { upstreamEdges } = graph.parse(await get(`lineage/table/${id}?upstreamDepth=1&downstreamDepth=0`));
        for (const { fromEntity, lineageDetails } of upstreamEdges) {
          const { source, sqlQuery, columnsLineage = [], pipeline } = lineageDetails;
          const columns = columnsLineage.map(
            ({ fromColumns, toColumn }) => `${fromColumns.map(bare).sort().join(', ')} → ${bare(toColumn)}`
          );
          found.push([
            `${names.get(fromEntity) ?? fromEntity} → ${to}`,
            {
              source,
              columns: columns.sort(),
              sqlQuery: sqlQuery ?? '',
              ...(pipeline === undefined ? {} : { procedure: pipeline.fullyQualifiedName ?? pipeline.type }),
            },
          ]);
        }
      }
      return Object.fromEntries(found.sort(([left], [right]) => (left < right ? -1 : 1)));
    }

    it('makes exactly the expected edges, with their columns, texts and procedure', async () => {
      const { code, stdout, stderr } = await run('lineage.yaml', '--json');
      expect(code, stderr + stdout).to.equal(0);
      const { state, notes } = report.parse(JSON.parse(stdout));
      expect(state).to.equal('success');
      const left = notes.filter((note) => note.includes('no container in the catalog'));
      expect(left).to.have.length(log === 'access-history' ? 1 : 0);
      for (const note of left)
        expect(note).to.contain('1 load').and.contain('s3://elsewhere/ into ANALYTICS.RAW.ORDERS');
      expect(await edges()).to.deep.equal(expectedEdges(log));
    });

    it('adds nothing the second time', async () => {
      const before = await edges();
      const { code, stderr } = await run('lineage.yaml');
      expect(code, stderr).to.equal(0);
      expect(await edges()).to.deep.equal(before);
    });
  });
}

/** The column of a FQN. */
function bare(fqn: string): string {
  return fqn.split('.').at(-1) ?? fqn;
}
