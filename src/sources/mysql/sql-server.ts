import type { SqlServer } from '../../sql/index.js';
import type { ServerVersion } from './server-version.js';

/** The server as comments for versions name it: `101119`. */
export function sqlServer({ flavour, major, minor, patch }: ServerVersion): SqlServer {
  const version = major * 10_000 + minor * 100 + patch;
  return { isMariaDb: flavour === 'MariaDB', ...(version === 0 ? {} : { version }) };
}
