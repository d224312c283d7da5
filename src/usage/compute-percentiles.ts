import { dayText } from '../sources/index.js';
import type { UsageKind } from '../openmetadata/index.js';
import type { PublishUsageInput } from './publish-input.js';

const KINDS: readonly UsageKind[] = ['table', 'databaseSchema', 'database'];

/** Ranks what was sent: the server ranks the rows of exactly the date that it is asked for. */
export async function computePercentiles(
  { client, signal }: Pick<PublishUsageInput, 'client' | 'signal'>,
  days: readonly number[]
): Promise<void> {
  for (const day of days) {
    for (const kind of KINDS) await client.usage.computePercentiles(kind, dayText(day), { signal });
  }
}
