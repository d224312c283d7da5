import { KIND_NAMES, factsOf } from '../contract/kinds.js';
import { PermanentError, didYouMean } from '../errors/index.js';
import { protectWords, secretKeysOf } from '../secrets/index.js';
import type { ConnectionModel, Source } from './define-source.js';
import type { NameFolding } from './source-spec.js';
import { mysqlSource } from './mysql/index.js';
import { postgresSource } from './postgres/index.js';
import { snowflakeSource } from './snowflake/index.js';
import { sqliteSource } from './sqlite/index.js';

/** Every connector of this build. A new one is a folder here and a line in this list. */
const BUILT_IN: readonly Source[] = [mysqlSource, postgresSource, snowflakeSource, sqliteSource];

/** The serviceType of every engine that OpenMetadata doesn't know. */
const ANY_ENGINE = 'CustomDatabase';

let secretKeys: ReadonlySet<string> | undefined;

const registered = new Map(BUILT_IN.map((source) => [source.type, source]));
protectWords(BUILT_IN.flatMap(wordsOf));

/**
 * Adds connectors from elsewhere, for the whole process. Adding one again changes nothing.
 * @returns takes away those that were added
 * @throws PermanentError for a type that can't be one, and for a type or serviceType that another connector has
 */
export function registerSources(sources: readonly Source[]): () => void {
  const added = sources.filter(({ type }) => !registered.has(type));
  for (const source of sources) {
    const problem = typeProblem(source);
    if (problem !== undefined)
      throw new PermanentError(`The connector ${JSON.stringify(source.type)} can't be added: ${problem}`);
    registered.set(source.type, source);
    protectWords(wordsOf(source));
    secretKeys = undefined;
  }
  return () => {
    for (const { type } of added) registered.delete(type);
    secretKeys = undefined;
  };
}

/** Keys that hold a secret in the connection of some connector. */
export function connectionSecretKeys(): ReadonlySet<string> {
  secretKeys ??= new Set(allSources().flatMap(({ connection }) => [...secretKeysOf(connection)]));
  return secretKeys;
}

/** The recipe types of the connectors, `mysql` and so on; those of this build first. */
export function sourceTypes(): readonly string[] {
  return [...registered.keys()];
}

/** The connectors, those of this build first. */
export function allSources(): readonly Source[] {
  return [...registered.values()];
}

/** True for a type, in lower case and without a suffix, that a connector has. */
export function isSourceType(type: string): boolean {
  return registered.has(type);
}

/** The model of a type's serviceConnection.config; undefined for a type without a connector. */
export function connectionModel(type: string): ConnectionModel | undefined {
  return registered.get(type)?.connection;
}

/** `SourceSpec.countsAsUse` of a type, whatever its case, for logs in files. */
export function useRule(type: string): Source['countsAsUse'] {
  return registered.get(type.toLowerCase())?.countsAsUse;
}

/**
 * What storage services write for the scheme of an engine's own location: `gs` for `gcs`. Undefined if it is the same.
 */
export function storageScheme(scheme: string): string | undefined {
  const lower = scheme.toLowerCase();
  return allSources().flatMap(({ locationSchemes = {} }) => locationSchemes[lower] ?? [])[0];
}

/**
 * How names of a service without a connector fold: as those of a connector of the same dialect, else as written.
 * @param dialect as `SourceSpec.dialect`
 */
export function foldingOfDialect(dialect: string): NameFolding {
  return allSources().find((source) => source.dialect === dialect)?.unquotedNames ?? 'as-written';
}

/**
 * The connector of a recipe type, whatever its case; a suffix (`mysql-lineage`) is not part of it.
 * @throws PermanentError naming those there are.
 */
export function findSource(type: string): Source {
  const wanted = type.toLowerCase();
  const found = registered.get(wanted);
  if (found !== undefined) return found;
  const types = sourceTypes();
  throw new PermanentError(`There is no source of type ${type}.`, {
    where: 'source.type',
    remedy: `This build has ${types.join(', ')}.${didYouMean(type, types)}`,
  });
}

/** What messages call it: a password `snow` is no reason to write `***flake` account. */
function wordsOf({ type, serviceType }: Source): string[] {
  return [type, serviceType];
}

function typeProblem(source: Source): string | undefined {
  const { type } = source;
  if (!/^[a-z][a-z0-9_-]*$/.test(type)) return 'a type is lower-case letters, digits, - and _, for example `mydb`.';
  const taken = KIND_NAMES.flatMap((kind) => factsOf(kind).suffix ?? []).find((suffix) => type.endsWith(suffix));
  if (taken !== undefined) return `\`${taken}\` is the suffix of a workflow kind.`;
  const kind = KIND_NAMES.map(factsOf).find((facts) => facts.sourceType?.toLowerCase() === type);
  if (kind !== undefined) return `\`${type}\` is the source.type of ${kind.title} recipes.`;
  const other = registered.get(type);
  if (other !== undefined && other !== source) return 'there is another one of this type.';
  const { serviceType } = source;
  const owner = allSources().find((each) => each.type !== type && each.serviceType === serviceType);
  if (owner === undefined || serviceType === ANY_ENGINE) return undefined;
  return `services of type ${serviceType} belong to the connector \`${owner.type}\`. Write serviceType: '${ANY_ENGINE}'.`;
}
