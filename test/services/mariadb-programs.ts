import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Debian puts the server where not every PATH looks. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/libexec'];
const INSTALL_HINT = 'apt-get update && apt-get install -y --no-install-recommends mariadb-server';

/** True when this machine has the server. */
export function hasMariadb(): boolean {
  return findExecutable('mariadbd') !== undefined && findExecutable('mariadb-install-db') !== undefined;
}

/** Where a program of MariaDB is. @throws Error naming the command that installs it */
export function executable(name: string): string {
  const found = findExecutable(name);
  if (found !== undefined) return found;
  throw new Error(`There is no ${name} on this machine. Install MariaDB: ${INSTALL_HINT}`);
}

function findExecutable(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
