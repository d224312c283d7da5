import type { CreateTableRequest, PreparedRequest } from '../openmetadata/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import type { ForeignKeyConstraint } from './constraints.js';
import type { KnownTables } from './known-tables.js';
import { withForeignKeys } from './requests.js';
import type { DeferredLine } from './staged-record.js';
import { waitingHash } from './waiting-hash.js';

export interface TableToPublish {
  /** With all of the foreign keys. */
  readonly request: PreparedRequest;
  readonly sourceHash: string;
  readonly foreignKeys: ForeignKeyConstraint[];
}

/**
 * Sends tables in waves: first those without foreign keys, then those whose keys point at tables that are on the
 * server, which makes others ready. What is left (circles, tables of a later chunk) is sent without the keys that have
 * to wait. A table that is refused with its keys is sent again without them: a key to a column that the catalog lacks
 * must not cost the table.
 * @returns the keys to add later, of the tables that the catalog took
 */
export async function publishTables(
  options: BulkOptions,
  known: KnownTables,
  tables: readonly TableToPublish[]
): Promise<DeferredLine[]> {
  /** Tables that were refused with their keys: one of these may be why. */
  const refused: TableToPublish[] = [];
  const send = async (wave: readonly TableToPublish[]): Promise<void> => {
    const withKeys = new Map(
      wave.filter(({ foreignKeys }) => foreignKeys.length > 0).map((each) => [each.request.fqn, each])
    );
    const requests = wave.map(({ request }) => request);
    known.add(
      await putAll(options, 'tables', requests, (fqn) => {
        const table = withKeys.get(fqn);
        if (table !== undefined) refused.push(table);
        return table !== undefined;
      })
    );
  };
  await send(tables.filter(({ foreignKeys }) => foreignKeys.length === 0));
  let waiting = tables.filter(({ foreignKeys }) => foreignKeys.length > 0);
  while (waiting.length > 0) {
    const [ready, rest] = await split(waiting, (table) => known.hasAll(table.foreignKeys));
    if (ready.length === 0) break;
    await send(ready);
    waiting = rest;
  }
  const sendReduced = async (
    reduced: readonly { readonly table: TableToPublish; readonly now: readonly ForeignKeyConstraint[] }[],
    onRefused?: (fqn: string) => boolean
  ): Promise<DeferredLine[]> => {
    const requests = reduced.map(({ table, now }) => withKeysOf(table, now));
    const taken = await putAll(options, 'tables', requests, onRefused);
    known.add(taken);
    return reduced
      .filter(({ table }) => taken.has(table.request.fqn))
      .map(({ table: { request, sourceHash, foreignKeys }, now }) => ({
        tableFqn: request.fqn,
        foreignKeys: foreignKeys.filter((key) => !now.includes(key)),
        sourceHash,
      }));
  };
  const parted: { table: TableToPublish; now: ForeignKeyConstraint[] }[] = [];
  for (const table of waiting) {
    const [now] = await split(table.foreignKeys, (key) => known.hasAll([key]));
    parted.push({ table, now });
  }
  const withSome = new Map(parted.filter(({ now }) => now.length > 0).map(({ table }) => [table.request.fqn, table]));
  const deferred = await sendReduced(parted, (fqn) => {
    const table = withSome.get(fqn);
    if (table !== undefined) refused.push(table);
    return table !== undefined;
  });
  return [...deferred, ...(await sendReduced(refused.map((table) => ({ table, now: [] }))))];
}

function withKeysOf(table: TableToPublish, kept: readonly ForeignKeyConstraint[]): PreparedRequest {
  const { request, sourceHash, foreignKeys } = table;
  // the text is this program's own, staged by the extraction
  const whole = JSON.parse(request.json.toString()) as CreateTableRequest;
  const reduced = { ...withForeignKeys({ request: whole, foreignKeys }, kept), sourceHash: waitingHash(sourceHash) };
  return { fqn: request.fqn, json: Buffer.from(JSON.stringify(reduced)) };
}

async function split<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<[yes: T[], no: T[]]> {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) ((await test(item)) ? yes : no).push(item);
  return [yes, no];
}
