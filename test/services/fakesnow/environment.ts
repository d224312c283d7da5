import { generateKeyPairSync } from 'node:crypto';
import type { Fakesnow } from '../fakesnow.js';

/** What the recipes in recipes/snowflake need of the environment to meet the emulator, with a key pair of its own. */
export function fakesnowEnvironment({ port }: Pick<Fakesnow, 'port'>): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    SNOWFLAKE_ACCOUNT: 'fakesnow',
    SNOWFLAKE_USER: 'fake',
    SNOWFLAKE_WAREHOUSE: 'COMPUTE_WH',
    SNOWFLAKE_ROLE: 'SYSADMIN',
    SNOWFLAKE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n'),
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(port),
    SNOWFLAKE_PROTOCOL: 'http',
  };
}
