import { dayText } from '../sources/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { PlannedTexts, type PlannedTextCounts, type PlannedTextsInput } from './planned-texts.js';
import type { UsageClient } from './publish-input.js';
import { PublishedSummary } from './published-summary.js';
import { keyedPart, type DayPart } from './usage-part.js';
import { DAYS_KEPT, dayOf, oldestKept } from './utc-day.js';

/** What a run would send of one day. */
export interface PlannedDay {
  readonly date: string;
  /** Tables that would get a count, and the uses that would be added to those stored. */
  readonly tables: number;
  readonly uses: number;
  /** Tables whose stored count is the same, or larger than the log shows. */
  readonly unchanged: number;
  readonly larger: number;
}

export interface PlannedUsage extends PlannedTextCounts {
  readonly days: readonly PlannedDay[];
  /** The tables with the most uses to be sent. */
  readonly tables: readonly { readonly fqn: string; readonly uses: number }[];
}

export interface PlanUsageInput extends PlannedTextsInput {
  readonly client: PlannedTextsInput['client'] & Pick<UsageClient, 'usage'>;
  readonly store: StagingStore;
  readonly from: SliceAddress;
  /** Tables named. */
  readonly limit: number;
}

/** Compares what was added up with what the catalog has; sends nothing. */
export async function planUsage(input: PlanUsageInput): Promise<PlannedUsage> {
  const { store, from, limit } = input;
  const summary = new PublishedSummary(dayOf(input.now));
  const texts = new PlannedTexts(input, summary);
  const days = new Map<number, { tables: number; uses: number; unchanged: number; larger: number }>();
  const uses = new Map<string, number>();
  const stored = new Map<string, ReadonlyMap<string, number> | undefined>();
  const planDay = async ({ id, fqn, day, count }: DayPart): Promise<void> => {
    if (!stored.has(id)) stored.set(id, await storedCounts(input, id));
    const counts = stored.get(id);
    const isKept = day >= oldestKept(input.now) && day <= dayOf(input.now);
    if (!isKept) summary.add({ kind: 'day', fqn, day, count, outcome: 'filtered' });
    if (counts === undefined || !isKept) return;
    const planned = days.get(day) ?? { tables: 0, uses: 0, unchanged: 0, larger: 0 };
    days.set(day, planned);
    const known = counts.get(dayText(day)) ?? 0;
    if (known === count) planned.unchanged += 1;
    else if (known > count) planned.larger += 1;
    else {
      planned.tables += 1;
      planned.uses += count - known;
      uses.set(fqn, (uses.get(fqn) ?? 0) + count - known);
    }
  };
  for (const entry of await store.manifest(from)) {
    for (const line of await store.read(entry)) {
      const [, part] = keyedPart.parse(line);
      if (part.kind === 'query') await texts.query(part);
      else if (part.kind === 'day') await planDay(part);
      else if (part.kind === 'cost') await texts.cost(part);
    }
  }
  const counts = await texts.end();
  summary.report(input.recorder);
  const most = [...uses].sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1));
  return {
    days: [...days].sort(([one], [other]) => one - other).map(([day, planned]) => ({ date: dayText(day), ...planned })),
    ...counts,
    tables: most.slice(0, limit).map(([fqn, count]) => ({ fqn, uses: count })),
  };
}

function storedCounts(
  { client, now, signal }: PlanUsageInput,
  id: string
): Promise<ReadonlyMap<string, number> | undefined> {
  return client.usage.storedCounts(id, { date: dayText(dayOf(now)), days: DAYS_KEPT, signal });
}
