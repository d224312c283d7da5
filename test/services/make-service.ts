import type { LocalCatalog } from '../../src/local-catalog/index.js';

/** Makes a database service as a metadata run leaves it: runs of other kinds need one. */
export async function makeService(catalog: LocalCatalog, name: string, serviceType: string): Promise<void> {
  const answer = await fetch(`${catalog.hostPort}/v1/services/databaseServices`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${catalog.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, serviceType }),
  });
  if (!answer.ok) throw new Error(`The service ${name} was not made: HTTP ${answer.status}`);
}
