import { PermanentError } from '../../errors/index.js';

const MAX_USER_AGENT = 256;

export interface ClientIdentity {
  /** The recipe's source.type. */
  readonly sourceType: string;
  readonly pipelineType: string;
  readonly serviceName: string;
  readonly version: string;
}

/** `mysql_metadata (service: shop; v1.2.3)`: printable ASCII, at most 256 characters. */
export function buildUserAgent({ sourceType, pipelineType, serviceName, version }: ClientIdentity): string {
  const text = `${sourceType}_${pipelineType} (service: ${serviceName}; v${version})`;
  return text.replace(/[^\x20-\x7e]/gu, '?').slice(0, MAX_USER_AGENT);
}

/**
 * The recipe's extraHeaders on top of the client's own; names ignore case. A value may contain `%(Name)s`: the value of
 * that header without the extra ones.
 * @throws PermanentError for an unknown `%(Name)s` and for names or values that HTTP can't transport; values are never
 * quoted
 */
export function mergeHeaders(
  own: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const merged = lowerCased(own);
  const before = { ...merged };
  for (const [name, value] of Object.entries(extra)) merged[name.toLowerCase()] = fillIn(name, value, before);
  return merged;
}

function fillIn(name: string, value: string, known: Readonly<Record<string, string>>): string {
  const filled = value.replace(/%\(([^)]+)\)s/g, (_, referred: string) => {
    const found = known[referred.toLowerCase()];
    if (found === undefined) {
      const remedy = `%(Name)s may name: ${Object.keys(known).join(', ')}.`;
      throw new PermanentError(`extraHeaders.${name} refers to the header ${referred}, which is not sent.`, { remedy });
    }
    return found;
  });
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(filled)) {
    throw new PermanentError(`extraHeaders.${name} is not a header HTTP can carry.`, {
      remedy: 'Names are letters, digits and dashes; values are one line of text.',
    });
  }
  return filled;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
