/**
 * Takes the pictures of docs/ui.md: `npm run screenshots`. It brings its own Temporal server, worker and catalog, and
 * needs Chromium. Look at the pictures before they are committed.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import type { Page } from 'playwright-core';
import { createClient, readTemporalSettings, type RunDescription } from '../../src/client/index.js';
import { startBrowser } from '../services/browser.js';
import { runCli } from '../services/cli.js';
import { startIngestion } from '../services/ingestion.js';
import { mochaHooks, sharedTemporal } from '../services/temporal.js';
import { StartForm, openRun } from '../services/temporal-ui.js';

const FOLDER = 'docs/screenshots';
const VIEW = { width: 1280, height: 800 };
/** With the timeline of activities. */
const TALL = { width: 1280, height: 1250 };
const ID = 'om-quickstart_shop.metadata';
/** So many that the run lasts long enough for a picture of it under way. */
const TABLES = 15_000;
/** Late parts of a page move others. */
const SETTLE_MS = 2_000;

mkdirSync(FOLDER, { recursive: true });
const ingestion = await startIngestion({ taskQueue: 'openmetadata-ingestion' });
const browser = await startBrowser();
try {
  const { uiUrl } = await sharedTemporal();
  const page = await browser.newPage({ viewport: VIEW });
  const cli = (...args: string[]): ReturnType<typeof runCli> =>
    runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const picture = async (name: string, of: Page = page): Promise<void> => {
    await sleep(SETTLE_MS);
    await of.screenshot({ path: join(FOLDER, `${name}.png`) });
  };
  await cli('setup');
  await ingestion.startWorker();

  const shown = await cli('run', 'shop.yaml', '--ui', uiUrl);
  const [link = '', input = ''] = shown.stdout.trim().split('\n');
  const form = new StartForm(page);
  await form.open(link);
  await form.fillInput(input);
  await picture('start-form');
  await form.start();
  const first = await finished(ID);
  await openRun(page, uiUrl, ID, first);
  await page.getByText('Completed').first().waitFor();
  await page.setViewportSize(TALL);
  await picture('completed');
  await page.setViewportSize(VIEW);

  await cli('run', 'shop.yaml', '--id', 'om-wrong', '--as-of', 'tomorrow');
  await openRun(page, uiUrl, 'om-wrong', await finished('om-wrong'));
  await picture('bad-input');

  manyTables(ingestion.env['QUICKSTART_DATABASE'] ?? '');
  await cli('run', 'shop.yaml', '--detach');
  const busy = await runIdOf(ID);
  do {
    await openRun(page, uiUrl, ID, busy, 'user-metadata');
    if ((await describe(ID)).status !== 'RUNNING') throw new Error('the run was over before it could be shown');
  } while (!(await detailsShow(page, /extract\s*\w+\s*\d \/ \d\s*\d{2}/)));
  await page.screenshot({ path: join(FOLDER, 'current-details.png') });
  await finished(ID);

  await cli('schedule', 'apply', 'shop.yaml', '--cron', '0 3 * * *', '--jitter', '5m');
  const triggered = await cli('schedule', 'trigger', ID);
  await finished(triggered.stdout.trim().replace('run ', ''));
  await page.goto(`${uiUrl}/namespaces/default/schedules/${encodeURIComponent(ID)}`);
  await picture('schedule');
} finally {
  await browser.close();
  await ingestion.stop();
  await mochaHooks.afterAll();
}

/** The id of the last run, once it is over. */
async function finished(workflowId: string): Promise<string> {
  for (;;) {
    const { status, runId } = await describe(workflowId);
    if (status !== 'RUNNING') return runId;
    await sleep(300);
  }
}

async function runIdOf(workflowId: string): Promise<string> {
  return (await describe(workflowId)).runId;
}

async function describe(workflowId: string): Promise<RunDescription> {
  const settings = readTemporalSettings({ ...process.env, TEMPORAL_ADDRESS: ingestion.address });
  const client = await createClient({ settings });
  try {
    return await client.attach(workflowId).describe();
  } finally {
    await client.close();
  }
}

/** The UI shows markdown in frames of their own, which come late. */
async function detailsShow(page: Page, text: RegExp): Promise<boolean> {
  for (let look = 0; look < 5; look += 1) {
    await sleep(300);
    const frames = page.frames().map((frame) => frame.locator('body').innerText({ timeout: 1_000 }));
    const texts = await Promise.allSettled(frames);
    if (texts.some((each) => each.status === 'fulfilled' && text.test(each.value))) return true;
  }
  return false;
}

function manyTables(file: string): void {
  const database = new Database(file);
  const tables = Array.from({ length: TABLES }, (_, n) => `CREATE TABLE event_${n} (id INTEGER, at TEXT);`);
  database.exec(`BEGIN; ${tables.join(' ')} COMMIT;`);
  database.close();
}
