import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { preload } from '../faults/kinds/worker-faults.js';
import { startGrpcProxy, type GrpcProxy } from '../services/grpc-proxy.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { findPromtool } from '../services/promtool.js';
import { startWorkerProcess, type WorkerProcess } from '../services/worker-process.js';

const RULES = path.resolve('docs/prometheus/alerts.yaml');
const rules = z
  .object({
    groups: z.tuple([
      z.object({
        rules: z.array(
          z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) })
        ),
      }),
    ]),
  })
  .parse(parse(readFileSync(RULES, 'utf8'))).groups[0].rules;

/** A line of what a worker serves: the name and its labels. */
interface Series {
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
}

describe('The alerts', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: Client;
  let proxy: GrpcProxy;
  let served = '';
  const workers: WorkerProcess[] = [];

  before(async () => {
    ingestion = await startIngestion();
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    proxy = await startGrpcProxy(ingestion.address);
    writeFileSync(path.join(ingestion.recipesDir, 'misspelt.yaml'), 'sourc: {}\n');
    const [broken = 0, limited = 0] = await freePorts(2);
    const stuck = await startWorker(broken, { NODE_OPTIONS: preload('without-workflows') });
    await start('stuck', 'shop.yaml');
    await scrape(broken, /^temporal_workflow_task_execution_failed\{/m);
    await stuck.kill();
    await startWorker(limited, { TEMPORAL_ADDRESS: proxy.address });
    await start('misspelt', 'misspelt.yaml');
    await scrape(limited, /^temporal_workflow_failed\{/m);
    proxy.limit(0);
    await scrape(limited, /^temporal_request_failure\{.*RESOURCE_EXHAUSTED/m);
    proxy.limit(Infinity);
    await scrape(limited, /^om_ingest_queue_backlog\{/m);
  });
  after(async () => {
    for (const worker of workers) await worker.kill();
    await proxy?.close();
    await client?.connection.close();
    await ingestion?.stop();
  });

  const startWorker = async (port: number, env: Readonly<Record<string, string>>): Promise<WorkerProcess> => {
    const worker = await startWorkerProcess({ ...ingestion.env, OM_INGEST_METRICS: `127.0.0.1:${port}`, ...env });
    workers.push(worker);
    return worker;
  };
  const start = (name: string, recipePath: string) =>
    client.workflow.start('metadataWorkflow', {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `alerts-${name}-${process.pid}`,
      args: [{ recipePath }],
    });
  /** Keeps what a worker serves once there is this in it. */
  const scrape = async (port: number, wanted: RegExp): Promise<void> => {
    for (const end = Date.now() + 30_000; ; await sleep(100)) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      if (wanted.test(text)) {
        served += text;
        return;
      }
      if (Date.now() > end) throw new Error(`no worker serves ${wanted.source}:\n${text}`);
    }
  };
  const seriesOf = (name: string, labels = ''): Series => {
    const line = served.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(labels));
    const text = line?.slice(0, line.lastIndexOf(' ')) ?? (new RegExp(`^${name} `, 'm').test(served) ? name : '');
    if (text === '') throw new Error(`no worker serves ${name}{${labels}}`);
    return {
      text,
      labels: Object.fromEntries(
        [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']): [string, string] => [key, value])
      ),
    };
  };

  /** Whatever promtool finds wrong with these tests of the rules. */
  const expectPassed = async (tests: readonly object[], test: Mocha.Context): Promise<void> => {
    let promtool = '';
    try {
      promtool = await findPromtool();
    } catch (error) {
      if (process.env['CI'] === 'true') throw error;
      process.stderr.write(`${String(error)}\n`);
      test.skip();
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'om-alerts-'));
    try {
      const file = path.join(folder, 'alerts.test.yaml');
      writeFileSync(file, stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }));
      const { stdout } = await promisify(execFile)(promtool, ['test', 'rules', file]).catch((error: unknown) => {
        const { stdout: out = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`${out}${stderr}`);
      });
      expect(stdout).to.include('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('fire on what the workers of a fault serve, and on nothing else', async function () {
    await expectPassed(cases(), this);
  });

  it('and what the dashboard asks are questions that Prometheus understands; KEDA counts each queue once', async function () {
    const { panels } = z
      .object({ panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })) })
      .parse(JSON.parse(readFileSync('docs/grafana/om-ingest.json', 'utf8')));
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const keda = /^ +query: (.*om_ingest.*)$/m.exec(readFileSync('docs/operations.md', 'utf8'))?.[1] ?? '';
    const backlog = seriesOf('om_ingest_queue_backlog');
    const of = (instance: string): string => backlog.text.replace(/\}$/, `,instance="${instance}"}`);
    const ask = (expr: string, ...values: number[]): object => ({
      expr,
      eval_time: '5m',
      exp_samples: values.map((value) => ({ labels: '{}', value })),
    });
    const tests = [
      { interval: '1m', input_series: [], promql_expr_test: asked.map((expr) => ask(expr)) },
      {
        interval: '1m',
        // two workers, which ask the server for the same number
        input_series: ['one', 'two'].map((instance) => ({ series: of(instance), values: '7x10' })),
        promql_expr_test: [ask(keda, 7)],
      },
    ];
    await expectPassed(tests, this);
  });

  /**
   * For each alert: what a worker of its fault serves, over time, and that it fires; and that none does when nothing
   * grows.
   */
  const cases = (): object[] => {
    const rss = seriesOf('om_ingest_rss_bytes');
    const taskFails = seriesOf('temporal_workflow_task_execution_failed');
    const runFails = seriesOf('temporal_workflow_failed', 'metadataWorkflow');
    const attempts = seriesOf('om_ingest_failed_attempts');
    const backlog = seriesOf('om_ingest_queue_backlog');
    const refusals = seriesOf('temporal_request_failure', 'status_code="RESOURCE_EXHAUSTED"');
    const alive = { series: rss.text, values: '100000000x200' };
    const only = (series: Series, ...names: string[]): Record<string, string> =>
      Object.fromEntries(names.map((name) => [name, series.labels[name] ?? `no label ${name}`]));
    const firing: [string, string, { series: string; values: string }[], Record<string, string>][] = [
      // a failure a minute; later one in ten minutes: it still stands still
      [
        'OmIngestWorkflowTaskFails',
        '12m',
        [alive, { series: taskFails.text, values: '1+1x200' }],
        only(taskFails, 'workflow_type', 'task_queue'),
      ],
      [
        'OmIngestWorkflowTaskFails',
        '190m',
        [alive, { series: taskFails.text, values: `1+1x9 ${everyTenth(19)}` }],
        only(taskFails, 'workflow_type', 'task_queue'),
      ],
      ['OmIngestNoWorker', '11m', [], {}],
      ['OmIngestQueueGrows', '40m', [alive, { series: backlog.text, values: '101x60' }], only(backlog, 'task_queue')],
      // the very first failure of a worker, which was there for hours
      [
        'OmIngestRunFails',
        '61m',
        [alive, { series: runFails.text, values: '_x59 1x140' }],
        only(runFails, 'workflow_type'),
      ],
      // and a second one, a day later
      [
        'OmIngestRunFails',
        '130m',
        [alive, { series: runFails.text, values: '1x120 2x79' }],
        only(runFails, 'workflow_type'),
      ],
      [
        'OmIngestAttemptsFail',
        '20m',
        [alive, { series: attempts.text, values: '1+1x60' }],
        only(attempts, 'kind', 'cause'),
      ],
      ['OmIngestTemporalRefuses', '30m', [alive, { series: refusals.text, values: '1+120x60' }], {}],
    ];
    const quiet = [taskFails, runFails, attempts, refusals, backlog].map(({ text }) => ({
      series: text,
      values: '1x200',
    }));
    return [
      ...firing.map(([alertname, eval_time, input_series, exp_labels]) => ({
        interval: '1m',
        input_series,
        alert_rule_test: rules.map(({ alert, annotations: { summary } }) => ({
          eval_time,
          alertname: alert,
          exp_alerts:
            alert === alertname ? [{ exp_labels, exp_annotations: { summary: filled(summary, exp_labels) } }] : [],
        })),
      })),
      {
        interval: '1m',
        input_series: [alive, ...quiet],
        alert_rule_test: rules.map(({ alert }) => ({ eval_time: '150m', alertname: alert, exp_alerts: [] })),
      },
    ];
  };
});

/** So many steps of one, each ten minutes after the one before. */
function everyTenth(steps: number): string {
  return Array.from({ length: steps }, (_, n) => `${n + 11}x9`).join(' ');
}

function filled(summary: string, labels: Readonly<Record<string, string>>): string {
  return summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');
}
