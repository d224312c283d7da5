import { buildFqn, queryChecksum, type StoredQueries, type TextHolders } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { StateStore } from '../staging/index.js';
import { KeptCosts } from './kept-costs.js';
import { ListedOnce } from './listed-once.js';
import type { UsageClient } from './publish-input.js';
import type { PublishedSummary } from './published-summary.js';
import { QueryRequests } from './query-requests.js';
import { isOf, isSameCost } from './sent-cost.js';
import type { CostPart, QueryPart } from './usage-part.js';
import { UserFinder } from './user-finder.js';

/** Stored queries of the whole catalog that are listed, to find the texts that others hold. */
const MOST_LISTED = 50_000;
/** Texts compared at once, and look-ups of them. */
const BATCH = 500;
const LANES = 8;

export interface PlannedTextsInput {
  readonly client: Pick<UsageClient, 'queries' | 'queryCosts' | 'users'>;
  readonly service: string;
  readonly dialect: string;
  /** What outlives runs, where the workers' staging store is at hand: it tells which costs were sent. */
  readonly state?: StateStore | undefined;
  readonly now: number;
  readonly completeBefore: number;
  readonly signal: AbortSignal;
  /** Gets the notes that a run would give. */
  readonly recorder: PartRecorder;
}

export interface PlannedTextCounts {
  /** Texts that would be stored: new ones, and those that have new users, tables or runs. */
  readonly queries: number;
  /** Texts that are stored with all that the log says of them. */
  readonly queriesUnchanged: number;
  /** Texts that can't be stored, since another service holds them. */
  readonly heldElsewhere: number;
  /** Which texts other services hold was not looked for: `queries` is the most that they can be. */
  readonly queriesAtMost: boolean;
  /** Cost records of complete days that would be sent. */
  readonly costs: number;
  /** Those that are there. */
  readonly costsUnchanged: number;
  /** Those that are there with another cost, which can't be changed: a run reports the difference. */
  readonly costsDifferent: number;
  /** Those of stored texts, where no staging store tells whether they were sent. */
  readonly costsUnknown: number;
}

/** Which texts and costs a run would send, as it would compare them with what is there. */
export class PlannedTexts {
  readonly #held = new Set<string>();
  readonly #requests: QueryRequests;
  readonly #kept: KeptCosts | undefined;
  #batch: QueryPart[] = [];
  #holders: Promise<TextHolders | undefined> | undefined;
  readonly #stored: ListedOnce<StoredQueries>;
  #queries = 0;
  #unchanged = 0;
  readonly #costs = { costs: 0, costsUnchanged: 0, costsDifferent: 0, costsUnknown: 0 };

  constructor(
    private readonly input: PlannedTextsInput,
    private readonly summary: PublishedSummary
  ) {
    const { client, service, dialect, now, signal, state } = input;
    this.#requests = new QueryRequests({ service, dialect, lanes: LANES }, new UserFinder(client.users, signal));
    this.#stored = new ListedOnce((most) => client.queries.listStored(buildFqn(service), { most, signal }));
    if (state !== undefined) this.#kept = new KeptCosts({ client, state, service, now, signal });
  }

  async query(part: QueryPart): Promise<void> {
    const { text } = part;
    const checksum = queryChecksum(text);
    const holder = (await (this.#holders ??= this.#list()))?.get(checksum);
    if (holder !== undefined && holder !== this.#fqn(checksum)) {
      this.#held.add(checksum);
      this.summary.add({ kind: 'query', checksum, text, outcome: 'held elsewhere' });
      return;
    }
    this.#batch.push(part);
    if (this.#batch.length === BATCH) await this.#compare();
  }

  /** Comes after all texts, in the order of the parts. */
  async cost(part: CostPart): Promise<void> {
    const { checksum, day, cost } = part;
    const isHeld = this.#held.has(checksum);
    if (isHeld || day >= this.input.completeBefore) {
      this.summary.add({ kind: 'cost', checksum, day, cost, outcome: isHeld ? 'no query' : 'waiting' });
      return;
    }
    const query = await this.#idOf(checksum);
    const sent = await this.#kept?.find(part);
    if (query === undefined) this.#costs.costs += 1;
    else if (this.#kept === undefined) this.#costs.costsUnknown += 1;
    else if (sent === undefined || !isOf(sent, query) || (await this.#kept.lookFor(part, sent)) === 'missing')
      this.#costs.costs += 1;
    else if (isSameCost(cost, sent.cost)) this.#costs.costsUnchanged += 1;
    else this.#costs.costsDifferent += 1;
  }

  async end(): Promise<PlannedTextCounts> {
    await this.#compare();
    if (this.#costs.costsUnknown > 0)
      this.input.recorder.note(
        'Which cost records earlier runs have sent stands in the staging store of the workers, and none is here: give its place by --staging (or OM_INGEST_STAGING). A run sends those that it does not know to be there; the catalog keeps each once.'
      );
    return {
      ...{ queries: this.#queries, queriesUnchanged: this.#unchanged, heldElsewhere: this.#held.size },
      queriesAtMost: this.#queries > 0 && this.#holders !== undefined && (await this.#holders) === undefined,
      ...this.#costs,
    };
  }

  async #compare(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const { client, signal } = this.input;
    const stored = await this.#stored.for(batch.length);
    const requests = await this.#requests.of(batch);
    const options = { signal, newestRuns: true, ...(stored === undefined ? {} : { stored }) };
    const lacking = (await client.queries.lacking(requests, options)).length;
    this.#queries += lacking;
    this.#unchanged += batch.length - lacking;
  }

  async #idOf(checksum: string): Promise<string | undefined> {
    const { client, signal } = this.input;
    const stored = await this.#stored.for(1);
    const fqn = this.#fqn(checksum);
    return (stored === undefined ? await client.queries.findByName(fqn, { signal }) : stored.get(fqn))?.id;
  }

  #fqn(checksum: string): string {
    return `${buildFqn(this.input.service)}.${checksum}`;
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
