/** Looks for secrets in what a run leaves behind. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** A secret as it is, for URLs, in base64 and in JSON. */
export function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  // The last characters of base64 depend on what follows.
  return [secret, encodeURIComponent(secret), base64.slice(0, -2), JSON.stringify(secret).slice(1, -1)];
}

/** Which of the secrets stand in a text, in whatever form and case: `NAME in WHERE`. */
export function secretsIn(where: string, text: string, secrets: Readonly<Record<string, string>>): string[] {
  const folded = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => folded.includes(form.toLowerCase())) ? [`${name} in ${where}`] : []
  );
}

/** The files below a folder with their texts, unpacked. */
export function textsBelow(folder: string): [file: string, text: string][] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => {
      const bytes = readFileSync(file);
      return [file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')];
    });
}

/** Every base64 text of a JSON document, decoded. */
export function decoded(json: string): string {
  return [...json.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)]
    .map((match) => Buffer.from(match[1] ?? '', 'base64').toString('utf8'))
    .join('\n');
}

/** A workflow's whole history as JSON, payloads in base64: `decoded` shows them. */
export async function historyOf(workflowId: string, address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  try {
    const history = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
    return historyToJSON(history);
  } finally {
    await connection.close();
  }
}
