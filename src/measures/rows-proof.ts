/** So many refusals in a row, with nothing read between, raise doubts; twice as many each time. */
const FIRST_DOUBT = 8;

/**
 * Whether what was refused tells of the columns: only while the rows can be read otherwise. A table that is dropped, or
 * a right that is taken away, in the midst of a split refuses everything that comes behind it.
 */
export class RowsProof {
  #wasRead = false;
  #refusals = 0;
  #doubtful = FIRST_DOUBT;

  /** @param probe fails only when the rows can't be read at all */
  constructor(private readonly probe: () => Promise<unknown>) {}

  /** A statement read rows. */
  read(): void {
    this.#wasRead = true;
    this.#refusals = 0;
  }

  /**
   * A statement was refused.
   * @throws what the probe throws, at the first refusal, and after many without anything that is read
   */
  async refused(): Promise<void> {
    this.#refusals += 1;
    if (this.#wasRead && this.#refusals < this.#doubtful) return;
    if (this.#wasRead) this.#doubtful *= 2;
    await this.#prove();
  }

  /** @throws what the probe throws, if the last statement was refused */
  async end(): Promise<void> {
    if (this.#refusals > 0) await this.#prove();
  }

  async #prove(): Promise<void> {
    await this.probe();
    this.read();
  }
}
