import { describeRecipe, type RecipeReference } from '../recipe-reference.js';
import { readTemporalSettings, type TemporalSettings } from '../temporal-settings.js';
import type { RunFlags } from './run.js';
import type { Terminal } from './terminal.js';

/** How far a dev server's UI port is above its own. */
const DEV_UI_PORT_OFFSET = 1_000;

/**
 * Prints the link to the UI's start form with id, queue and type filled in. The form takes no input from a link, so the
 * input is printed after it.
 */
export function printStartForm(
  reference: RecipeReference,
  flags: RunFlags,
  taskQueue: string,
  terminal: Terminal
): void {
  const { input, workflowType, workflowId } = describeRecipe(reference);
  const settings = readTemporalSettings();
  const query = new URLSearchParams({ workflowId: flags.id ?? workflowId, taskQueue, workflowType });
  const ui = typeof flags.ui === 'string' ? flags.ui.replace(/\/$/, '') : uiAddress(settings);
  terminal.out(`${ui}/namespaces/${settings.namespace}/workflows/start-workflow?${query.toString()}`);
  terminal.err('Paste this as the input:');
  terminal.out(JSON.stringify({ ...input, ...(flags.asOf === undefined ? {} : { asOf: flags.asOf }) }));
}

/** The UI that belongs to a server's address, as far as it can be guessed; `--ui ADDRESS` overrides it. */
export function uiAddress({ address }: Pick<TemporalSettings, 'address'>): string {
  const [host = 'localhost', port = '7233'] = address.split(':');
  if (host.endsWith('.tmprl.cloud') || host.endsWith('.temporal.io')) return 'https://cloud.temporal.io';
  return `http://${host}:${Number(port) + DEV_UI_PORT_OFFSET}`;
}
