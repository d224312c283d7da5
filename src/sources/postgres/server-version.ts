/** From `server_version_num`: 150018 is 15.18. */
export interface ServerVersion {
  readonly major: number;
  /** The server's own text. */
  readonly text: string;
}

/** The oldest server whose catalogue has everything that is read here. */
export const OLDEST_SUPPORTED = 12;

export function toServerVersion(number: number, text: string): ServerVersion {
  return { major: Math.floor(number / 10_000), text };
}
