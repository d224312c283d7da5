import { PermanentError, didYouMean } from '../../errors/index.js';
import type { TlsArguments } from './tls-options.js';

/**
 * What an argument's value means, in the connector's own terms.
 * @param path for messages, `connectionArguments.charset`
 */
export type ArgumentReader<Read> = (value: unknown, path: string) => Read;

/** The arguments of an engine, by the names that OpenMetadata's driver uses. */
export interface ArgumentTable<Read> {
  /** `MySQL`, for messages. */
  readonly engine: string;
  readonly readers: Readonly<Record<string, ArgumentReader<Read>>>;
}

/**
 * Reads a map of arguments in its own order. Empty values are dropped, as OpenMetadata does.
 * @param where `connectionOptions`, `connectionArguments`, or a map within them
 * @throws PermanentError for an argument that isn't in the table or has a value of another kind, naming those allowed.
 */
export function readArguments<Read>(
  values: Readonly<Record<string, unknown>>,
  where: string,
  { engine, readers }: ArgumentTable<Read>
): Read[] {
  return Object.entries(values)
    .filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .map(([key, value]) => {
      const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
      if (reader === undefined) throw unknownArgument(engine, key, where, Object.keys(readers));
      return reader(value, `${where}.${key}`);
    });
}

/**
 * Reads connectionOptions and connectionArguments; the latter win. What both say about TLS is combined.
 * @throws PermanentError as `readArguments`
 */
export function readAllArguments<Read extends { readonly tls?: TlsArguments }>(
  options: Readonly<Record<string, unknown>> = {},
  driverArguments: Readonly<Record<string, unknown>> = {},
  table: ArgumentTable<Read>
): Partial<Read> {
  return mergeArguments([
    ...readArguments(options, 'connectionOptions', table),
    ...readArguments(driverArguments, 'connectionArguments', table),
  ]);
}

/** Reads connectionOptions and connectionArguments as `readAllArguments` does. */
export function argumentsReader<Read extends { readonly tls?: TlsArguments }>(
  table: ArgumentTable<Read>
): (options?: Readonly<Record<string, unknown>>, driverArguments?: Readonly<Record<string, unknown>>) => Partial<Read> {
  return (options, driverArguments) => readAllArguments(options, driverArguments, table);
}

/** Arguments that are accepted without effect. */
export function ignored<Name extends string>(...names: readonly Name[]): Record<Name, () => Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, () => ({})])) as Record<Name, () => Record<string, never>>;
}

/** Later ones win; parts of `tls` are combined. */
export function mergeArguments<Read extends { readonly tls?: TlsArguments }>(read: readonly Read[]): Partial<Read> {
  return read.reduce<Partial<Read>>((into, each) => {
    const tls = into.tls === undefined && each.tls === undefined ? {} : { tls: { ...into.tls, ...each.tls } };
    return { ...into, ...each, ...tls };
  }, {});
}

function unknownArgument(engine: string, key: string, where: string, allowed: readonly string[]): PermanentError {
  const isTls = where.endsWith('.ssl');
  return new PermanentError(`${where}.${key} is not an argument of the ${engine} connection.`, {
    where: `source.serviceConnection.config.${where}.${key}`,
    remedy: `Take it out; allowed are ${[...allowed].sort().join(', ')}.${didYouMean(key, allowed)}${isTls ? ' For TLS with what the system trusts write `ssl: true`.' : ''}`,
  });
}

export function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongKind(path, 'a string');
  return value;
}

export function seconds(value: unknown, path: string): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0)) throw wrongKind(path, 'a number of seconds above 0');
  return Math.round(number * 1000);
}

export function flag(value: unknown, path: string): boolean {
  switch (String(value).toLowerCase()) {
    case 'true':
    case '1':
    case 'cert_required':
      return true;
    case 'false':
    case '0':
    case 'none':
    case 'cert_none':
      return false;
    default:
      throw wrongKind(path, 'true or false');
  }
}

export function wrongKind(path: string, expected: string): PermanentError {
  return new PermanentError(`${path} has a value that can't be used; expected ${expected}.`, {
    where: `source.serviceConnection.config.${path}`,
  });
}
