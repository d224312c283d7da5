import { hashedRequest, type CreateTableRequest, type PreparedRequest } from '../openmetadata/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import type { ForeignKeyConstraint } from './constraints.js';
import type { KnownTables } from './known-tables.js';
import { withForeignKeys } from './requests.js';
import type { DeferredLine } from './staged-record.js';

export interface TableToPublish {
  /** With all of the foreign keys. */
  readonly request: PreparedRequest;
  readonly sourceHash: string;
  readonly foreignKeys: ForeignKeyConstraint[];
}

/**
 * Sends tables in waves: those without foreign keys go first, then those whose keys point at tables on the server, and make others ready.
 * What is left (circles, tables of a later chunk) is sent without the keys that have to wait.
 * @returns the keys to add later, of the tables that the catalog took
 */
export async function publishTables(
  options: BulkOptions,
  known: KnownTables,
  tables: readonly TableToPublish[]
): Promise<DeferredLine[]> {
  const send = async (wave: readonly TableToPublish[]): Promise<void> =>
    known.add(
      await putAll(
        options,
        'tables',
        wave.map(({ request }) => request)
      )
    );
  await send(tables.filter(({ foreignKeys }) => foreignKeys.length === 0));
  let waiting = tables.filter(({ foreignKeys }) => foreignKeys.length > 0);
  while (waiting.length > 0) {
    const [ready, rest] = await split(waiting, (table) => known.hasAll(table.foreignKeys));
    if (ready.length === 0) break;
    await send(ready);
    waiting = rest;
  }
  const deferred: DeferredLine[] = [];
  const requests: PreparedRequest[] = [];
  for (const { request, sourceHash, foreignKeys } of waiting) {
    const [now, later] = await split(foreignKeys, (key) => known.hasAll([key]));
    // The text is this program's own, staged by the extraction.
    const whole = JSON.parse(request.json.toString()) as CreateTableRequest;
    const { json } = hashedRequest(withForeignKeys({ request: whole, foreignKeys }, now));
    requests.push({ fqn: request.fqn, json: Buffer.from(json) });
    deferred.push({ tableFqn: request.fqn, foreignKeys: later, sourceHash });
  }
  const taken = await putAll(options, 'tables', requests);
  known.add(taken);
  return deferred.filter((line) => taken.has(line.tableFqn));
}

async function split<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<[yes: T[], no: T[]]> {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) ((await test(item)) ? yes : no).push(item);
  return [yes, no];
}
