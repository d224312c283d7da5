/** What an attempt goes on in spite of: calls of it fail, and are tried again before long. A heartbeat's detail. */
export interface Trouble {
  /** The newest one. */
  readonly why: string;
  /** Of the first and of the newest of them, milliseconds since the epoch. */
  readonly since: number;
  readonly last: number;
  readonly times: number;
}

/** A call to OpenMetadata that is not answered for a long time. A heartbeat's detail. */
export interface Silence {
  /** Method and path. */
  readonly call: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}
