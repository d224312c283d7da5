import type { Page } from 'playwright-core';

/** On blur the form pretty-prints its input, and the button moves: a click before that hits nothing. */
const SETTLE_MS = 300;

/** The Temporal UI's start form, as a person fills it in. */
export class StartForm {
  constructor(private readonly page: Page) {}

  /** Opens a link that `om-ingest run --ui` printed. */
  async open(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.locator('#workflowId').waitFor();
    await this.page.locator('.cm-content[role="textbox"][contenteditable="true"]').first().waitFor();
  }

  /** What the link filled in. */
  async values(): Promise<{ workflowId: string; taskQueue: string; workflowType: string }> {
    const value = (field: string): Promise<string> => this.page.locator(`#${field}`).inputValue();
    return {
      workflowId: await value('workflowId'),
      taskQueue: await value('taskQueue'),
      workflowType: await value('workflowType'),
    };
  }

  async fillInput(json: string): Promise<void> {
    const editor = this.page.locator('.cm-content[role="textbox"][contenteditable="true"]').first();
    await editor.click();
    await editor.fill(json);
    await this.page.keyboard.press('Tab');
    await this.page.waitForTimeout(SETTLE_MS);
  }

  async start(): Promise<void> {
    await this.page.getByTestId('start-workflow-button').click();
    // newer UIs say it twice: in the toast, and for screen readers
    await this.page.getByText('Workflow started successfully').first().waitFor();
  }
}

/** The page of a run. `tab` is the last part of its address. */
export async function openRun(page: Page, uiUrl: string, workflowId: string, runId: string, tab = ''): Promise<void> {
  const run = `${encodeURIComponent(workflowId)}/${runId}`;
  await page.goto(`${uiUrl}/namespaces/default/workflows/${run}${tab === '' ? '' : `/${tab}`}`);
}
