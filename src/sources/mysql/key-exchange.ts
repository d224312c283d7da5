import { authPlugins } from 'mysql2';
import type { ConnectionOptions } from 'mysql2';
import { AuthenticationError } from '../../errors/index.js';

/** What a plugin answers to ask the server for its public key. */
const ASKS_FOR_KEY = { caching_sha2_password: 2, sha256_password: 1 } as const;

/**
 * Log-in methods that would encrypt the password with whatever key the server sends: without TLS that may be the key of
 * a man in the middle. They work normally if the server remembers the password or the connection is safe; when they
 * would ask for a key, they fail.
 */
export function withoutServerKey(place: string): Pick<ConnectionOptions, 'authPlugins'> {
  return {
    authPlugins: {
      caching_sha2_password: guarded('caching_sha2_password', place),
      sha256_password: guarded('sha256_password', place),
    },
  };
}

type Plugin = ReturnType<(typeof authPlugins)['sha256_password']>;

function guarded(name: keyof typeof ASKS_FOR_KEY, place: string): Plugin {
  const plugin: Plugin = authPlugins[name]({});
  return (metadata) => {
    const answer = plugin(metadata);
    return (data) => {
      const packet = answer(data);
      const asks = Buffer.isBuffer(packet) && packet.length === 1 && packet[0] === ASKS_FOR_KEY[name];
      return asks ? Promise.reject<Buffer>(serverKey(name, place)) : packet;
    };
  };
}

function serverKey(name: string, place: string): AuthenticationError {
  return new AuthenticationError(
    `MySQL at ${place} wants the password by ${name}, encrypted with its own key, on a connection without TLS: whoever is in between could send theirs.`,
    {
      where: 'source.serviceConnection.config.sslConfig',
      remedy:
        'Give sslConfig.caCertificate (or connectionArguments ssl: true); on a network that you trust set connectionArguments.get_server_public_key: true.',
    }
  );
}
