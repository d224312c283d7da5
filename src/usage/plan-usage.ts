import { dayText } from '../sources/index.js';
import { buildFqn, queryChecksum, type TextHolders } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import type { UsageClient } from './publish-input.js';
import { PublishedSummary } from './published-summary.js';
import { keyedPart, type CostPart, type DayPart, type QueryPart } from './usage-part.js';
import { DAYS_KEPT, dayOf, oldestKept } from './utc-day.js';

/** Stored queries of the whole catalog that are listed, to find the texts that other services hold. */
const MOST_LISTED = 50_000;

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

export interface PlannedUsage {
  readonly days: readonly PlannedDay[];
  /** Texts that would be stored, with those that this service has stored already. */
  readonly queries: number;
  /** Texts that can't be stored, since another service holds them. */
  readonly heldElsewhere: number;
  /** Cost records of complete days that would be sent, with those that are there already. */
  readonly costs: number;
  /** The tables with the most uses to be sent. */
  readonly tables: readonly { readonly fqn: string; readonly uses: number }[];
}

export interface PlanUsageInput {
  readonly client: Pick<UsageClient, 'usage' | 'queries'>;
  readonly service: string;
  readonly store: StagingStore;
  readonly from: SliceAddress;
  readonly now: number;
  readonly completeBefore: number;
  /** Tables named. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Gets the notes that a run would give. */
  readonly recorder: PartRecorder;
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
      else if (part.kind === 'cost') texts.cost(part);
    }
  }
  summary.report(input.recorder);
  const most = [...uses].sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1));
  return {
    days: [...days].sort(([one], [other]) => one - other).map(([day, planned]) => ({ date: dayText(day), ...planned })),
    ...texts.counts,
    tables: most.slice(0, limit).map(([fqn, count]) => ({ fqn, uses: count })),
  };
}

/** Which texts and costs a run could send. */
class PlannedTexts {
  readonly #held = new Set<string>();
  #holders: Promise<TextHolders | undefined> | undefined;
  #queries = 0;
  #costs = 0;

  constructor(
    private readonly input: PlanUsageInput,
    private readonly summary: PublishedSummary
  ) {}

  get counts(): Pick<PlannedUsage, 'queries' | 'heldElsewhere' | 'costs'> {
    return { queries: this.#queries, heldElsewhere: this.#held.size, costs: this.#costs };
  }

  async query({ text }: QueryPart): Promise<void> {
    const checksum = queryChecksum(text);
    const holder = (await (this.#holders ??= this.#list()))?.get(checksum);
    if (holder === undefined || holder === `${buildFqn(this.input.service)}.${checksum}`) {
      this.#queries += 1;
      return;
    }
    this.#held.add(checksum);
    this.summary.add({ kind: 'query', checksum, text, outcome: 'held elsewhere' });
  }

  /** Comes after all texts. */
  cost({ checksum, day, cost }: CostPart): void {
    const isComplete = day < this.input.completeBefore;
    const outcome = this.#held.has(checksum) ? 'no query' : 'waiting';
    if (!isComplete || outcome === 'no query') this.summary.add({ kind: 'cost', checksum, day, cost, outcome });
    else this.#costs += 1;
  }

  async #list(): Promise<TextHolders | undefined> {
    const { client, recorder, signal } = this.input;
    const holders = await client.queries.listHolders({ most: MOST_LISTED, signal });
    if (holders === undefined)
      recorder.note(
        `The catalog has more than ${MOST_LISTED} queries, so that the plan did not look which texts other services hold: a run stores none of these, and tells them.`
      );
    return holders;
  }
}

function storedCounts(
  { client, now, signal }: PlanUsageInput,
  id: string
): Promise<ReadonlyMap<string, number> | undefined> {
  return client.usage.storedCounts(id, { date: dayText(dayOf(now)), days: DAYS_KEPT, signal });
}
