import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { mysqlSource } from './mysql/index.js';
import { snowflakeSource } from './snowflake/index.js';
import type { MeasureOptions } from './measures.js';
import type { QueryLogOptions } from './query-log.js';
import type { SourceContext, SourceSpec } from './source.js';
import { sqliteSource } from './sqlite/index.js';

/** A connector that takes any config and checks it itself. */
export type Source = SourceSpec<unknown>;

/** Every connector of this build. A new one is a folder here and a line in this list. */
const SOURCES: readonly Source[] = [
  forAnyConfig(mysqlSource),
  forAnyConfig(snowflakeSource),
  forAnyConfig(sqliteSource),
];

/** The recipe types of the connectors, `mysql` and so on. */
export const SOURCE_TYPES: readonly string[] = SOURCES.map((source) => source.type);

/**
 * The connector of a recipe type, whatever its case; a suffix (`mysql-lineage`) is not part of it.
 * @throws PermanentError naming those there are.
 */
export function findSource(type: string): Source {
  const wanted = type.toLowerCase();
  const found = SOURCES.find((source) => source.type === wanted);
  if (found !== undefined) return found;
  const nearest = [...SOURCE_TYPES].sort((left, right) => distance(left, wanted) - distance(right, wanted))[0] ?? '';
  const hint = distance(nearest, wanted) <= 3 ? `Did you mean ${nearest}? ` : '';
  throw new PermanentError(`There is no source of type ${type}.`, {
    where: 'source.type',
    remedy: `${hint}This build has ${SOURCE_TYPES.join(', ')}.`,
  });
}

/** Every entry parses the config it is given, so that callers need not know its type. */
function forAnyConfig<Config>(spec: SourceSpec<Config>): Source {
  const parse = (value: unknown): Config => {
    try {
      return spec.parseConfig(value);
    } catch (error) {
      if (error instanceof z.ZodError) throw configError(spec.type, error);
      throw error;
    }
  };
  const { openQueryLog, checkQueryLog, openMeasures } = spec;
  return {
    type: spec.type,
    serviceType: spec.serviceType,
    dialect: spec.dialect,
    parseConfig: parse,
    openMetadata: async (config, context) => spec.openMetadata(parse(config), context),
    check: (config, context, options) => spec.check(parse(config), context, options),
    ...(openQueryLog === undefined
      ? {}
      : { openQueryLog: async (config: unknown, context: SourceContext) => openQueryLog(parse(config), context) }),
    ...(checkQueryLog === undefined
      ? {}
      : {
          checkQueryLog: (config: unknown, context: SourceContext, options: QueryLogOptions) =>
            checkQueryLog(parse(config), context, options),
        }),
    ...(openMeasures === undefined
      ? {}
      : {
          openMeasures: async (config: unknown, context: SourceContext, options: MeasureOptions) =>
            openMeasures(parse(config), context, options),
        }),
  };
}

/** A config that didn't come from a recipe (there it is checked before): the service's, stored in OpenMetadata. */
function configError(type: string, error: z.ZodError): PermanentError {
  const where = 'serviceConnection.config';
  const found = error.issues.map((issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`);
  return new PermanentError(`The connection of type ${type} can't be used: ${found.join('; ')}`, {
    where,
    remedy: 'Mend it in the recipe, or in the service in OpenMetadata if it was taken from there.',
  });
}
