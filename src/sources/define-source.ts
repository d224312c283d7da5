import type { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { describedFaults } from './common/described-faults.js';
import type { Connector, SourceSpec } from './source-spec.js';
import { specProblem } from './spec-problem.js';

/** The model of a serviceConnection.config. */
export type ConnectionModel = z.ZodType<Readonly<Record<string, unknown>>>;

/** A connector that takes any config, checks it itself, and loads its driver when it opens something. */
export interface Source extends Omit<SourceSpec<unknown>, 'load' | 'connection'>, Connector<unknown> {
  readonly connection: ConnectionModel;
  /** @throws PermanentError naming the keys that are wrong, never a value */
  readonly parseConfig: (value: unknown) => unknown;
}

/**
 * Makes a connector from its spec; callers need not know the type of its config.
 * @throws PermanentError for a spec, written in JavaScript, that is none
 */
export function defineSource<Config extends Readonly<Record<string, unknown>>>(spec: SourceSpec<Config>): Source {
  const problem = specProblem(spec);
  if (problem !== undefined)
    throw new PermanentError(`The connector ${JSON.stringify(spec.type)} can't be made: ${problem}`);
  const { load, connection, sessions, idleKeys, ...facts } = spec;
  let loaded: Promise<Connector<Config>> | undefined;
  const connector = (): Promise<Connector<Config>> => {
    loaded ??= load().then((made) => whole(spec.type, made));
    // a driver that could not be loaded may be there at the next attempt
    loaded.catch(() => (loaded = undefined));
    return loaded;
  };
  const parse = (value: unknown): Config => {
    const parsed = connection.safeParse(value);
    if (parsed.success) return parsed.data;
    throw configError(spec.type, parsed.error);
  };
  const queryLog: Pick<Connector<unknown>, 'openQueryLog' | 'checkQueryLog'> = {
    openQueryLog: async (config, ...rest) => part(spec, await connector(), 'openQueryLog')(parse(config), ...rest),
    checkQueryLog: async function* (config, ...rest) {
      yield* part(spec, await connector(), 'checkQueryLog')(parse(config), ...rest);
    },
  };
  const usageLog: Pick<Connector<unknown>, 'openUsageLog' | 'checkUsageLog'> = {
    openUsageLog: async (config, ...rest) => part(spec, await connector(), 'openUsageLog')(parse(config), ...rest),
    checkUsageLog: async function* (config, ...rest) {
      yield* part(spec, await connector(), 'checkUsageLog')(parse(config), ...rest);
    },
  };
  const measures: Pick<Connector<unknown>, 'openMeasures'> = {
    openMeasures: async (config, ...rest) => part(spec, await connector(), 'openMeasures')(parse(config), ...rest),
  };
  return {
    ...facts,
    ...(sessions === undefined
      ? {}
      : { sessions: { ...sessions, sharedBy: (config: unknown) => sessions.sharedBy(parse(config)) } }),
    ...(idleKeys === undefined ? {} : { idleKeys: (config: unknown) => idleKeys(parse(config)) }),
    connection,
    parseConfig: parse,
    openMetadata: async (config, ...rest) => (await connector()).openMetadata(parse(config), ...rest),
    check: async function* (config, ...rest) {
      yield* (await connector()).check(parse(config), ...rest);
    },
    ...(spec.supports.includes('query-log') ? queryLog : {}),
    ...(spec.supports.includes('usage-log') ? usageLog : {}),
    ...(spec.supports.includes('measures') ? measures : {}),
  };
}

function whole<Config>(type: string, made: Connector<Config>): Connector<Config> {
  const given: unknown = made;
  const lacks = ['openMetadata', 'check'].filter(
    (name) => typeof given !== 'object' || given === null || typeof Reflect.get(given, name) !== 'function'
  );
  if (lacks.length === 0) return made;
  throw new PermanentError(`The connector ${type} lacks what every load() gives: ${lacks.join(' and ')}.`);
}

function part<Config, Name extends keyof Connector<Config>>(
  { type }: SourceSpec<Config>,
  connector: Connector<Config>,
  name: Name
): NonNullable<Connector<Config>[Name]> {
  const found = connector[name];
  if (found !== undefined && found !== null) return found;
  throw new PermanentError(`The connector ${type} says in its spec what its load() doesn't give: ${name}.`);
}

/** A config that wasn't checked with a recipe: the service's, stored in OpenMetadata. */
function configError(type: string, error: z.ZodError): PermanentError {
  const where = 'serviceConnection.config';
  const found = error.issues.map((issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`);
  return new PermanentError(`The connection of type ${type} can't be used: ${describedFaults(found)}`, {
    where,
    remedy: 'Mend it in the recipe, or in the service in OpenMetadata if it was taken from there.',
  });
}
