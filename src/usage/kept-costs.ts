import type { OpenMetadataClient } from '../openmetadata/index.js';
import type { StagingStore, StateVersion } from '../staging/index.js';
import { earlierCosts, type EarlierCosts } from './earlier-costs.js';
import { type CostOrigin, parseSentCost, sentCosts, type SentCost } from './sent-cost.js';
import type { CostPart } from './usage-part.js';
import { oldestKept } from './utc-day.js';

export interface KeptCostsInput {
  readonly client: { readonly queryCosts: Pick<OpenMetadataClient['queryCosts'], 'has'> };
  readonly state: StagingStore['state'];
  readonly service: string;
  /** Only what earlier runs left counts; without it the newest. */
  readonly version?: StateVersion;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** `unknown`: nothing that is kept can be asked for. */
export type DayLook = 'there' | 'missing' | 'unknown';

/**
 * What the staging store keeps of the costs that earlier runs sent. A catalog that was set back to an earlier state has
 * the statements and lacks what was sent last: so of each day a record of those that were sent last is asked for once
 * before the rest of the day is believed to be there. Holds a line for each day, and one of the file.
 */
export class KeptCosts {
  readonly #looks = new Map<number, Promise<DayLook>>();
  #lines: Promise<EarlierCosts> | undefined;
  #newest: Promise<ReadonlyMap<number, CostOrigin>> | undefined;

  constructor(private readonly input: KeptCostsInput) {}

  /** What was sent for a statement and day. Asked for in the order of the parts, each once. */
  async find(part: CostPart): Promise<SentCost | undefined> {
    const lines = await (this.#lines ??= this.#open());
    return lines.find(part);
  }

  /**
   * What the catalog has of the record that was sent, with this cost or another, if the statement is the one it was
   * sent for; `missing` where none was.
   */
  async lookFor({ day }: CostPart, sent: SentCost | undefined): Promise<DayLook> {
    return sent?.origin === undefined ? 'missing' : this.look(day);
  }

  /** What the catalog has of the records of a day. */
  look(day: number): Promise<DayLook> {
    const looked = this.#looks.get(day) ?? this.#look(day);
    this.#looks.set(day, looked);
    return looked;
  }

  async close(): Promise<void> {
    await (await this.#lines)?.close();
  }

  async #look(day: number): Promise<DayLook> {
    const { client, signal } = this.input;
    const record = (await (this.#newest ??= this.#newestOfDays())).get(day)?.record;
    if (record === undefined) return 'unknown';
    return (await client.queryCosts.has(record, { signal })) ? 'there' : 'missing';
  }

  async #open(): Promise<EarlierCosts> {
    return earlierCosts(await this.#read(), oldestKept(this.input.now));
  }

  /** Of each day a record of those that were sent last, if the catalog told the id of one. */
  async #newestOfDays(): Promise<ReadonlyMap<number, CostOrigin>> {
    const newest = new Map<number, CostOrigin>();
    for await (const text of (await this.#read()) ?? []) {
      const { day, origin } = parseSentCost(text);
      const known = newest.get(day);
      if (origin === undefined || (known !== undefined && known.sentAt > origin.sentAt)) continue;
      if (known === undefined || known.sentAt < origin.sentAt || origin.record !== undefined) newest.set(day, origin);
    }
    return newest;
  }

  #read(): Promise<AsyncIterable<string> | undefined> {
    const { state, service, version } = this.input;
    return state.read(sentCosts(service), version);
  }
}
