import type { TestMariadb } from './mariadb.js';

/** What the recipes in recipes/mysql need of the environment to meet a server. */
export function mariadbEnvironment({
  hostPort,
  user,
  password,
}: Pick<TestMariadb, 'hostPort' | 'user' | 'password'>): Record<string, string> {
  return { MYSQL_HOST_PORT: hostPort, MYSQL_USER: user, MYSQL_PASSWORD: password };
}
