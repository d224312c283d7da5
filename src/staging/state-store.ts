/** Where a large fact that outlives its run is kept. */
export interface StateAddress {
  readonly service: string;
  /** Workflow kind. */
  readonly kind: string;
  /** `journal`, `profile-times`, … */
  readonly name: string;
}

/** The run that left a version. */
export interface StateVersion {
  readonly run: string;
  /** Its start, milliseconds since the epoch: the newest version is that of the run that started last. */
  readonly startedAt: number;
}

/** A version as its run left it. */
export interface StateEntry extends StateVersion {
  /** Each line as JSON. */
  readonly lines: AsyncIterable<string>;
}

/**
 * Large facts that one run leaves to later ones of the same service and kind. They may be missing at any time (another
 * host, a new store): a run then does the safe thing and says so once. They are not swept with runs; the versions of
 * the last three runs are kept.
 */
export interface StateStore {
  /**
   * The lines of the newest version that another run left; undefined when there is none.
   * @param before leaves out versions of this run itself and of runs that started after it
   */
  read(address: StateAddress, before?: StateVersion): Promise<AsyncIterable<string> | undefined>;
  /** The lines of the version that this run left; undefined while there is none. */
  own(address: StateAddress, version: StateVersion): Promise<AsyncIterable<string> | undefined>;
  /** The versions that are kept, newest first; each is read while it is the current one. */
  history(address: StateAddress): AsyncIterable<StateEntry>;
  /**
   * Writes a complete version under a new name and swaps it in. Repeatable: a run has one version. @param lines each as
   * JSON
   */
  write(address: StateAddress, version: StateVersion, lines: AsyncIterable<string> | Iterable<string>): Promise<void>;
}
