import { PermanentError } from '../../errors/index.js';

/** Where the REST API is: `origin` for the connection, `basePath` before each path, `text` for messages. */
export interface ServerAddress {
  readonly origin: string;
  readonly basePath: string;
  readonly text: string;
}

const REMEDY = "Set hostPort to the server's API address, for example http://localhost:8585/api.";

/**
 * Reads the recipe's hostPort.
 * @throws PermanentError when it isn't an http(s) URL, or contains credentials
 */
export function parseHostPort(hostPort: string): ServerAddress {
  const url = URL.canParse(hostPort) ? new URL(hostPort) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    throw new PermanentError('hostPort holds a user name or a password.', {
      remedy: `${REMEDY} Put credentials into securityConfig or extraHeaders.`,
    });
  }
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new PermanentError(`hostPort "${hostPort}" is not an http or https URL.`, { remedy: REMEDY });
  }
  const path = url.pathname.replace(/(?<!\/)\/+$/, '');
  return { origin: url.origin, basePath: `${path}/v1`, text: `${url.origin}${path}` };
}

/** What to check when the server answers, but not as OpenMetadata's API does. */
export function hostPortHint(address: ServerAddress): string {
  return address.text.endsWith('/api')
    ? `Check that hostPort ${address.text} is OpenMetadata's API and that no proxy or login page is in front of it.`
    : `hostPort ${address.text} does not end in /api: try ${address.text}/api.`;
}
