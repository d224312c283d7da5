import { RecipeError } from '../errors/index.js';
import { type Environment, expandVariables, recipeSha256 } from '../secrets/index.js';
import { refuseCallingQueries } from './calling-queries.js';
import { type ChosenModel, chooseModel, connectorOf } from './choose-model.js';
import {
  warnByRules,
  warnOfIdleKeys,
  warnOfNoEffect,
  warnOfOtherKinds,
  warnOfTestMetrics,
  warnOfUncheckedServer,
  warnOfUnsentLogs,
  sourceOf,
} from './effect-warnings.js';
import { warnOfEntries } from './entry-warnings.js';
import { warnOfNothingToDo } from './nothing-to-do.js';
import { warnOfSampleSizes } from './sample-warnings.js';
import { warnOfWritingTests } from './writing-tests.js';
import { Findings } from './findings.js';
import { KIND_MODELS } from './kinds/index.js';
import { acceptOldSpellings } from './old-spellings.js';
import { keepNamesOf, keepWrittenNames } from './names-of.js';
import { lacksOnlyVariables } from './lacks-only-variables.js';
import { parseRecipe } from './parse-recipe.js';
import { plainCopy } from './plain-copy.js';
import { ValuePreparation } from './prepare-values.js';
import { parseRecipeDocument, type RecipeDocument } from './recipe-document.js';
import type { Recipe } from './recipe-model.js';
import { isMapping, type RecipePath, valueAt } from './recipe-path.js';
import type { RecipeText } from './recipe-text.js';
import { hideSecretLooks, refuseSecretLooks } from './secret-looks.js';
import { type LiteralSecrets, SecretPlaces } from './secret-places.js';

/** A recipe that can be run. */
export interface CheckedRecipe<R extends Recipe = Recipe> {
  /** Without secrets: secret leaves contain references. Safe to stage and to log. */
  readonly recipe: R;
  /** sha256 of the text in hexadecimal; for an object, of its JSON. */
  readonly sha256: string;
  /** Accepted old spellings and the like, one per entry, with file, line and path. */
  readonly warnings: readonly string[];
  /** JSON pointers of the secrets that the recipe has in plain text. */
  readonly literalSecrets: readonly string[];
  /** Values of `memory:/…` references by pointer; empty unless `literals: 'memory'`. Keep it in this process. */
  readonly memorySecrets: ReadonlyMap<string, string>;
}

export interface ReadOptions {
  /**
   * 'memory': secrets in plain text stay in this process (`memorySecrets`). By default they are refused unless the
   * recipe is a file.
   */
  readonly literals?: 'memory';
  /** `memorySecrets` from an earlier reading in this process: `memory:/…` references to them are accepted. */
  readonly held?: ReadonlyMap<string, string>;
  /** Variables of `${VAR}`; process.env by default. */
  readonly environment?: Environment;
}

/**
 * Checks a recipe in YAML or JSON.
 * @throws RecipeError with all problems (at most 20), each with line, path, what was found and what is allowed.
 */
export function readRecipe(source: RecipeText, options: ReadOptions = {}): CheckedRecipe {
  const document = parseRecipeDocument(source.text, source.origin);
  const literals = options.literals ?? (source.file === undefined ? 'refuse' : 'file');
  return check(document.value, recipeSha256(source.text), {
    origin: source.origin,
    lineOf: (path) => document.lineOf(path),
    cutSecrets: document.cutSecrets,
    literals,
    options,
  });
}

/**
 * Checks a recipe given as an object (`{"recipe": {…}}`, or in code).
 * @param origin the start of every message, for example `recipe`.
 */
export function readRecipeObject(value: unknown, origin: string, options: ReadOptions = {}): CheckedRecipe {
  const copy = plainCopy(value, origin);
  const literals = options.literals ?? 'refuse';
  return check(copy, recipeSha256(JSON.stringify(copy)), {
    origin,
    lineOf: () => undefined,
    cutSecrets: [],
    literals,
    options,
  });
}

interface Reading {
  readonly origin: string;
  readonly lineOf: (path: RecipePath) => number | undefined;
  readonly cutSecrets: RecipeDocument['cutSecrets'];
  readonly literals: LiteralSecrets;
  readonly options: ReadOptions;
}

function check(written: Record<string, unknown>, sha256: string, reading: Reading): CheckedRecipe {
  const environment = reading.options.environment ?? process.env;
  const { value, warnings, problems, movedFrom } = acceptOldSpellings(written, connectorOf(written, environment));
  const findings = new Findings(reading.origin, reading.lineOf, movedFrom);
  keepWrittenNames(value);
  for (const problem of problems) findings.problem(problem.path, problem.message);
  for (const warning of [...warnings, ...reading.cutSecrets]) findings.warning(warning.path, warning.message);

  const chosen = chooseModel(value, environment);
  const secrets = new SecretPlaces(reading.literals, findings, reading.options.held, providerOf(value, environment));
  const prepared = new ValuePreparation(findings, secrets, environment).prepare(
    chosen.kind === 'unknown' ? chosen.schema : chosen.model.schema,
    canonical(value, chosen)
  );
  const lookForSecrets = (): void => {
    if (reading.literals === 'refuse') refuseSecretLooks(value, findings, secrets.leaves);
    if (findings.any) throw findings.error();
  };
  let recipe: Recipe;
  try {
    recipe = parseRecipe(chosen, prepared, findings);
  } catch (error) {
    // it may be sent all the same: the worker has its own variables
    if (lacksOnlyVariables(error)) lookForSecrets();
    if (!(error instanceof RecipeError)) throw error;
    hideSecretLooks(value, findings);
    throw findings.error();
  }
  refuseCallingQueries(recipe, findings);
  lookForSecrets();
  keepNamesOf(recipe);
  if (chosen.kind !== 'unknown') {
    warnOfNoEffect(chosen.model.schema, prepared, findings);
    warnOfOtherKinds(chosen.kind, prepared, findings);
    warnByRules(recipe, chosen.model.schema, prepared, findings);
    warnOfIdleKeys(recipe, findings);
    warnOfNothingToDo(recipe, findings);
    warnOfSampleSizes(prepared, sourceOf(recipe), findings);
    warnOfEntries(recipe, findings);
    warnOfWritingTests(recipe, findings);
    warnOfTestMetrics(chosen.kind, prepared, findings);
    warnOfUncheckedServer(prepared, findings);
    warnOfUnsentLogs(prepared, findings);
  }
  return {
    recipe,
    sha256,
    warnings: findings.warnings,
    literalSecrets: secrets.literals,
    memorySecrets: secrets.memory,
  };
}

/** secretsManagerProvider as written, before the model checks it. */
function providerOf(recipe: Record<string, unknown>, environment: Environment): string | undefined {
  const provider = valueAt(recipe, ['workflowConfig', 'openMetadataServerConfig', 'secretsManagerProvider']);
  return typeof provider === 'string' ? expandVariables(provider, environment).text : undefined;
}

/** source.type as in the model: `Mysql-Lineage` is the `mysql` of a lineage recipe. */
function canonical(recipe: Record<string, unknown>, chosen: ChosenModel): Record<string, unknown> {
  if (chosen.kind === 'unknown' || !isMapping(recipe['source'])) return recipe;
  const source = { ...recipe['source'], type: chosen.type };
  const { serviceNameOf } = KIND_MODELS[chosen.kind];
  const config = valueAt(recipe, ['source', 'sourceConfig', 'config']);
  if (serviceNameOf === undefined || Object.hasOwn(source, 'serviceName') || !isMapping(config))
    return { ...recipe, source };
  const serviceName = serviceNameOf(config);
  return { ...recipe, source: serviceName === undefined ? source : { ...source, serviceName } };
}
