import type { Browser, Page } from 'playwright-core';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { expect } from 'chai';
import { chromiumPath, startBrowser } from '../services/browser.js';
import { runCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { StartForm, openRun } from '../services/temporal-ui.js';
import { sharedTemporal } from '../services/temporal.js';

describe("The Temporal UI's start form", function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let temporal: Client;
  let uiUrl: string;
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    if (chromiumPath() === undefined) this.skip();
    ingestion = await startIngestion();
    ({ uiUrl } = await sharedTemporal());
    await ingestion.startWorker();
    temporal = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    browser = await startBrowser();
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await temporal?.connection.close();
    await ingestion?.stop();
  });

  /** Opens the link that `om-ingest run --ui` prints, fills the printed input in, or another one, and starts. */
  const startByForm = async (id: string, input?: string): Promise<WorkflowHandle> => {
    const { stdout } = await runCli(['run', 'shop.yaml', '--id', id, '--ui', uiUrl], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    const [link = '', printed = ''] = stdout.trim().split('\n');
    const form = new StartForm(page);
    await form.open(link);
    expect(await form.values()).to.deep.equal({
      workflowId: id,
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'],
      workflowType: 'metadataWorkflow',
    });
    await form.fillInput(input ?? printed);
    await form.start();
    return temporal.workflow.getHandle(id);
  };

  it('starts a run from the link and the input that om-ingest prints, and shows it complete', async () => {
    const run = await startByForm('by-form');
    const report: unknown = await run.result();
    expect(report).to.include({ workflow: 'metadataWorkflow', state: 'success' });
    expect(await run.query('progress')).to.include({ state: 'closed' });
    const { runId } = await run.describe();
    await openRun(page, uiUrl, 'by-form', runId);
    await page.getByText('Completed').first().waitFor();
    // summaries make the timeline readable
    await page.getByText('list databases and schemas').first().waitFor();
  });

  it('fails a run at once, with what to type, when the input names no recipe', async () => {
    const run = await startByForm('by-form-wrong', '{"recipe_path": "shop.yaml"}');
    await run.result().catch(() => undefined);
    const { runId, status } = await run.describe();
    expect(status.name).to.equal('FAILED');
    await openRun(page, uiUrl, 'by-form-wrong', runId);
    await page.getByText("a file in the worker's recipes folder").first().waitFor();
  });
});
