import type { StagingStore, StateAddress, StateVersion } from '../staging/index.js';
import { rememberedTable, type RememberedTable, type RememberedTables } from './remembered.js';
import { z } from 'zod';

const memoryLine = z.tuple([z.string(), rememberedTable]);

function addressOf(service: string): StateAddress {
  return { service, kind: 'profiler', name: 'profile-times' };
}

/**
 * What earlier runs remembered about a service's tables.
 * @returns undefined when there is nothing, or nothing readable (another store, a newer version's file): then
 * everything is profiled
 */
export async function readMemory(
  { state }: Pick<StagingStore, 'state'>,
  service: string,
  before: StateVersion
): Promise<RememberedTables | undefined> {
  try {
    const lines = await state.read(addressOf(service), before);
    if (lines === undefined) return undefined;
    const tables = new Map<string, RememberedTable>();
    for await (const line of lines) {
      const [fqn, table] = memoryLine.parse(JSON.parse(line));
      tables.set(fqn, table);
    }
    return tables;
  } catch {
    return undefined;
  }
}

/** Stores a run's memory: all that is known, including from earlier runs. */
export async function writeMemory(
  { state }: Pick<StagingStore, 'state'>,
  service: string,
  version: StateVersion,
  tables: RememberedTables
): Promise<void> {
  await state.write(addressOf(service), version, linesOf(tables));
}

function* linesOf(tables: RememberedTables): Generator<string> {
  for (const line of tables) yield JSON.stringify(line);
}
