/**
 * What the bench reads: a server with tables, and what was asked of it, to be asked again without anything around it.
 */
export interface BenchWarehouse {
  /** `type` and `serviceConnection` of a recipe's source, as one line of YAML each, with references into `env`. */
  readonly connection: readonly [type: string, serviceConnection: string];
  readonly env: Readonly<Record<string, string>>;
  /** Drops the schemas `<prefix>_<n>` and makes this many tables of 12 columns in new ones. */
  fill(prefix: string, tables: number): Promise<void>;
  /** What `work` asks of the server, in its order. */
  statementsOf(work: () => Promise<void>): Promise<readonly string[]>;
  /** Connections on which the catalogue statements among these are asked again, `readers` schemas at once. */
  openBare(statements: readonly string[], readers: number): Promise<BareReader>;
  stop(): Promise<void>;
}

export interface BareReader {
  read(): Promise<void>;
  close(): Promise<void>;
}
