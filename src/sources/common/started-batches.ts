/**
 * Batches of rows from a statement that is sent now, before anybody asks for them: the statements of one read wait for
 * the server in parallel.
 */
export class StartedBatches<Row> implements AsyncIterableIterator<readonly Row[]> {
  readonly #batches: AsyncIterator<readonly Row[]>;
  #first: Promise<IteratorResult<readonly Row[], unknown>> | undefined;
  /** Resolves when the first batch is there, or the stream has ended or failed; `next` throws the failure. */
  readonly arrived: Promise<void>;

  constructor(batches: AsyncIterable<readonly Row[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#first = this.#batches.next();
    this.arrived = this.#first.then(
      () => undefined,
      () => undefined
    );
  }

  async next(): Promise<IteratorResult<readonly Row[], unknown>> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#batches.next();
  }

  /** Gives up what is left; the stream cleans up. */
  async return(): Promise<IteratorResult<readonly Row[], unknown>> {
    await this.arrived;
    this.#first = undefined;
    await this.#batches.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
