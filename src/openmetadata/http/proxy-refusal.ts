import { PermanentError, TransientError, type ErrorFacts } from '../../errors/index.js';
import type { Outcome } from './outcome.js';
import type { ProxySettings } from './proxy-settings.js';

type Failure = Extract<Outcome, { ok: false }>;
type Proxy = Pick<ProxySettings, 'origin' | 'variable'>;

/** What the HTTP client says when a proxy opens no tunnel, or wants a login. */
const REFUSED = /^Proxy (?:response \((\d{3})\)|Authentication Required \((407)\))/;

/** The failure that caused a client error when the proxy refused; nothing has reached the server then. */
export function proxyRefusal(error: unknown, proxy: Proxy, facts: ErrorFacts): Failure | undefined {
  const match = messagesOf(error)
    .map((message) => REFUSED.exec(message))
    .find((found) => found !== null);
  if (match === undefined) return undefined;
  const status = Number(match?.[1] ?? match?.[2]);
  const server = facts.where ?? 'the server';
  if (status === 407) {
    const refused = new PermanentError(
      `The proxy ${proxyText(proxy)} asks for a login, or refuses the one it got (407).`,
      {
        ...facts,
        remedy: `Write the login into ${proxy.variable}: http://user:password@host:port, each URL-encoded.`,
      }
    );
    return { ok: false, repeat: 'never', error: refused };
  }
  if (status >= 500 || status === 429) {
    const away = new TransientError(`The proxy ${proxyText(proxy)} can't reach ${server} (${status}).`, facts);
    return { ok: false, repeat: 'unsent', error: away };
  }
  const refused = new PermanentError(`The proxy ${proxyText(proxy)} refuses a tunnel to ${server} (${status}).`, {
    ...facts,
    remedy: `Have the proxy let it through, or list the host in NO_PROXY.`,
  });
  return { ok: false, repeat: 'never', error: refused };
}

/** Its address without credentials, and where it was set. */
export function proxyText({ origin, variable }: Proxy): string {
  return `${origin} (${variable})`;
}

export function proxyRemedy({ variable }: Proxy): string {
  return `Check ${variable}, or list the host of OpenMetadata in NO_PROXY if it is reached directly.`;
}

function messagesOf(error: unknown): string[] {
  const messages: string[] = [];
  for (let at = error; at instanceof Error && messages.length < 5; at = at.cause) messages.push(at.message);
  return messages;
}
