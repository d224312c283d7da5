/** What an attempt goes on in spite of: calls of it fail, and are tried again before long. A heartbeat's detail. */
export interface Trouble {
  /** The newest one. */
  readonly why: string;
  /** Of the first and of the newest of them, milliseconds since the epoch. */
  readonly since: number;
  readonly last: number;
  readonly times: number;
}
