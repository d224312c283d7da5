import type { StagingStore, StateAddress, StateVersion } from '../staging/index.js';
import { rememberedTable, type RememberedTable, type RememberedTables } from './remembered.js';
import { z } from 'zod';

const memoryLine = z.tuple([z.string(), rememberedTable]);

function addressOf(service: string): StateAddress {
  return { service, kind: 'profiler', name: 'profile-times' };
}

/**
 * What the last runs remembered about a service's tables, of each table the newest: a run that started earlier may end
 * later, and runs at the same time don't see each other's.
 * @returns undefined when there is nothing, or nothing readable (another store, a newer version's file): then
 * everything is profiled
 */
export async function readMemory(
  { state }: Pick<StagingStore, 'state'>,
  service: string
): Promise<RememberedTables | undefined> {
  let tables: Map<string, RememberedTable> | undefined;
  for await (const { lines } of state.history(addressOf(service))) {
    const version = await readVersion(lines);
    if (version !== undefined) tables = newest(tables ?? new Map<string, RememberedTable>(), version);
  }
  return tables;
}

async function readVersion(lines: AsyncIterable<string>): Promise<RememberedTables | undefined> {
  try {
    const tables = new Map<string, RememberedTable>();
    for await (const line of lines) tables.set(...memoryLine.parse(JSON.parse(line)));
    return tables;
  } catch {
    return undefined;
  }
}

/** Of each table what was remembered last; of two alike the first. */
function newest(known: Map<string, RememberedTable>, others: RememberedTables): Map<string, RememberedTable> {
  for (const [fqn, table] of others) {
    const before = known.get(fqn);
    if (before === undefined || before.timestamp < table.timestamp) known.set(fqn, table);
  }
  return known;
}

/** Stores a run's memory with all that is known from other runs. */
export async function writeMemory(
  store: Pick<StagingStore, 'state'>,
  service: string,
  version: StateVersion,
  own: RememberedTables
): Promise<void> {
  const others = (await readMemory(store, service)) ?? new Map<string, RememberedTable>();
  await store.state.write(addressOf(service), version, linesOf(newest(new Map(own), others)));
}

function* linesOf(tables: RememberedTables): Generator<string> {
  for (const line of tables) yield JSON.stringify(line);
}
