/** Which server this is, as far as it matters for statements. */
export interface ServerVersion {
  readonly flavour: 'MariaDB' | 'MySQL';
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The server's own text. */
  readonly text: string;
}

const LONGEST = 200;

/**
 * Reads `SELECT VERSION()`: `8.0.36`, `10.11.6-MariaDB-0+deb12u1`, `5.5.5-10.4.2-MariaDB` (from old replication),
 * `8.0.32-24 Percona`.
 */
export function parseServerVersion(answer: string): ServerVersion {
  // a longer one is no version, and would be searched for a long time
  const text = answer.slice(0, LONGEST);
  const isMariaDb = /mariadb/i.test(text);
  const numbers = /(\d+)\.(\d+)\.(\d+)/.exec(isMariaDb ? text.replace(/^5\.5\.5-/, '') : text);
  const [major = 0, minor = 0, patch = 0] = (numbers ?? []).slice(1).map(Number);
  return { flavour: isMariaDb ? 'MariaDB' : 'MySQL', major, minor, patch, text };
}

export function isAtLeast(version: ServerVersion, major: number, minor: number, patch = 0): boolean {
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.patch >= patch;
}

/** The oldest servers whose catalogue has everything that is read here. */
export const OLDEST_SUPPORTED = { MariaDB: '10.3.10', MySQL: '5.7.0' } as const;

export function isSupported(version: ServerVersion): boolean {
  const [major = 0, minor = 0, patch = 0] = OLDEST_SUPPORTED[version.flavour].split('.').map(Number);
  return isAtLeast(version, major, minor, patch);
}
