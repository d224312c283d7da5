import { mapLimited, type OpenMetadataClient } from '../openmetadata/index.js';
import type { ListedTable } from './plan-units.js';

/** Tables that the catalog is asked about at once. */
const AT_ONCE = 8;

/**
 * Where not all tables may get their turn those come first whose profile is oldest. What is not remembered here
 * (another host, a new store) the catalog knows: else every run would begin with the same tables and never come to the
 * others.
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
