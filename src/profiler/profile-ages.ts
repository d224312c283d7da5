import { mapLimited, type OpenMetadataClient } from '../openmetadata/index.js';
import type { ListedTable } from './plan-units.js';

/** Tables that the catalog is asked about at once. */
const AT_ONCE = 8;

/**
 * If some tables may not get their turn, those with the oldest profile come first. What isn't remembered here (another
 * host, a new store) is asked from the catalog: otherwise every run would begin with the same tables and never reach
 * the others.
 */
export async function withAges(
  tables: readonly ListedTable[],
  client: { readonly profiles: Pick<OpenMetadataClient['profiles'], 'latestProfile'> },
  signal: AbortSignal
): Promise<readonly ListedTable[]> {
  return mapLimited(tables, AT_ONCE, async (table) => {
    if (table.lastProfile !== undefined) return table;
    const lastProfile = await client.profiles.latestProfile(table.fqn, { signal });
    return lastProfile === undefined ? table : { ...table, lastProfile };
  });
}
