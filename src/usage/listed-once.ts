/** How far a listing goes at once, and how far after many look-ups. */
const [AT_ONCE, AT_MOST] = [50_000, 250_000];
/** Look-ups that cost as much as the longer listing. */
const AS_DEAR = 500;

/**
 * A listing of what else would be looked up one by one. A short one is made at once; a long one, of which a small log
 * needs little, only after as many look-ups as it has pages: so both together are at most twice the calls that the
 * cheaper way had taken.
 */
export class ListedOnce<Listing> {
  #short: Promise<Listing | undefined> | undefined;
  #long: Promise<Listing | undefined> | undefined;
  #lookedUp = 0;

  /** @param list undefined when there are more than that */
  constructor(private readonly list: (most: number) => Promise<Listing | undefined>) {}

  /** @param wanted how many are looked up one by one without it */
  async for(wanted: number): Promise<Listing | undefined> {
    const short = await (this.#short ??= this.list(AT_ONCE));
    if (short !== undefined) return short;
    this.#lookedUp += wanted;
    if (this.#lookedUp <= AS_DEAR) return undefined;
    return (this.#long ??= this.list(AT_MOST));
  }
}
