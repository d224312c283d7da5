/** Looks for secrets in what a run leaves behind. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTemporal } from '../../src/client/temporal-server/index.js';

/** A secret as it is, for URLs, in base64 and in JSON. */
export function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  // The last characters of base64 depend on what follows.
  return [secret, encodeURIComponent(secret), base64.slice(0, -2), JSON.stringify(secret).slice(1, -1)];
}

/** Every base64 text of a JSON document, decoded. */
export function decoded(json: string): string {
  return [...json.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)]
    .map((match) => Buffer.from(match[1] ?? '', 'base64').toString('utf8'))
    .join('\n');
}

/** A workflow's whole history as JSON, payloads in base64: `decoded` shows them. */
export async function historyOf(workflowId: string, address: string): Promise<string> {
  const { path: temporal } = await findTemporal({ say: () => undefined });
  const show = ['workflow', 'show', '-w', workflowId, '-o', 'json', '--address', address];
  const { stdout } = await promisify(execFile)(temporal, show, { maxBuffer: 64 * 1024 * 1024 });
  if (!stdout.includes('EVENT_TYPE_WORKFLOW_EXECUTION')) throw new Error(`${workflowId} has no history`);
  return stdout;
}
