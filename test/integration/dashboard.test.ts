import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { METRICS } from '../../src/contract/metric-names.js';
import { runCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startWorkerProcess, type WorkerProcess } from '../services/worker-process.js';

const target = z.object({ expr: z.string(), legendFormat: z.string().default('') });
const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(target) })),
});
const METRIC = /\b(?:om_ingest|temporal)_[a-z_]+/g;
/** Counted only when something goes wrong, other than an attempt and its run that fail here. */
const OF_FAULTS: readonly string[] = [
  METRICS.failures.name,
  'temporal_workflow_task_execution_failed',
  'temporal_request_failure',
];

describe('What a worker measures', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let worker: WorkerProcess;
  let served: string;

  before(async () => {
    ingestion = await startIngestion();
    const [port = 0] = await freePorts(1);
    worker = await startWorkerProcess({ ...ingestion.env, OM_INGEST_METRICS: `127.0.0.1:${port}` });
    const options = { env: ingestion.env, cwd: ingestion.folder };
    expect((await runCli(['run', 'shop.yaml', '--quiet'], options)).code).to.equal(0);
    const shop = readFileSync(path.join(ingestion.recipesDir, 'shop.yaml'), 'utf8');
    writeFileSync(
      path.join(ingestion.recipesDir, 'none.yaml'),
      shop.replace(/databaseMode: .*/, `databaseMode: ${path.join(ingestion.folder, 'none.db')}`)
    );
    expect((await runCli(['run', 'none.yaml', '--quiet', '--id', 'none'], options)).code).to.equal(2);
    for (const end = Date.now() + 20_000; ; await sleep(200)) {
      served = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      if (served.includes(METRICS.backlog.name) || Date.now() > end) break;
    }
  });
  after(async () => {
    await worker?.kill();
    await ingestion?.stop();
  });

  const valueOf = (name: string, labels: string): number =>
    [...served.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? ([\\d.e+]+)$`, 'gm'))]
      .filter(([, found = '']) => labels.split(', ').every((label) => found.includes(label)))
      .reduce((sum, [, , value]) => sum + Number(value), 0);

  const labelsOf = (name: string): ReadonlySet<string> => {
    const series = [...served.matchAll(new RegExp(`^${name}\\{(.*)\\} `, 'gm'))];
    return new Set(
      series.flatMap(([, labels = '']) => [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label))
    );
  };

  it('is on the dashboard, and the dashboard asks for nothing else', () => {
    const { panels } = dashboard.parse(JSON.parse(readFileSync('docs/grafana/om-ingest.json', 'utf8')));
    const asked = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(METRIC) ?? [])));
    const unknown = [...asked].filter(
      (name) => !OF_FAULTS.includes(name) && !new RegExp(`^${name}[{ ]`, 'm').test(served)
    );
    expect(unknown).to.deep.equal([]);
    expect([...asked]).to.include.members(Object.values(METRICS).map(({ name }) => name));
  });

  it('has the labels that the dashboard groups by, asks for and shows', () => {
    const { panels } = dashboard.parse(JSON.parse(readFileSync('docs/grafana/om-ingest.json', 'utf8')));
    const missing = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
        const asked = [...expr.matchAll(/[{,](\w+)[!=]~?"/g)].map(([, label = '']) => label);
        const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        // Prometheus itself adds the instance
        const unshown = shown.filter((label) => label !== 'instance' && !grouped.includes(label));
        return (expr.match(METRIC) ?? [])
          .filter((name) => !OF_FAULTS.includes(name))
          .flatMap((name) => [...grouped, ...asked].filter((label) => !labelsOf(name).has(label)))
          .concat(unshown)
          .map((label) => `${label} of ${expr}`);
      })
    );
    expect(missing).to.deep.equal([]);
  });

  it('says how many records passed, what was asked of both ends, and how much memory it takes', () => {
    expect(valueOf(METRICS.records.name, 'kind="metadata", step="sink", outcome="passed"')).to.be.above(5);
    expect(valueOf(METRICS.statements.name, 'kind="metadata"')).to.be.above(1);
    expect(valueOf(METRICS.requests.name, 'kind="metadata"')).to.be.above(1);
    expect(valueOf(METRICS.rss.name, '')).to.be.above(50 * 2 ** 20);
  });
});
