import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { factsOf, isKind, KINDS, type WorkflowKind } from '../contract/kinds.js';
import { findSource, isSourceType, whyNoEffect, type Source } from '../sources/index.js';
import { connectionsOf } from './connections-of.js';
import type { Recipe } from './recipe-model.js';
import { EFFECT_RULES, placesOf } from './effect-rules.js';
import type { Findings } from './findings.js';
import { TEST_METRICS } from './kinds/index.js';
import { isMapping, pointer, valueAt, type RecipePath } from './recipe-path.js';
import { modelAt, stepInto, unwrapped } from './schema-steps.js';
import { testedService } from './what-it-opens.js';

/** Warns about what a recipe says without effect: keys that no run reads, set to another value than their default. */
export function warnOfNoEffect(schema: z.ZodType, value: unknown, findings: Findings, path: RecipePath = []): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      const inner = stepInto(schema, value, index);
      if (inner !== undefined) warnOfNoEffect(inner, item, findings, [...path, index]);
    });
  }
  if (!isMapping(value)) return;
  for (const [key, given] of Object.entries(value)) {
    const inner = stepInto(schema, value, key);
    if (inner === undefined || given === undefined || given === null) continue;
    const at = [...path, key];
    const why = whyNoEffect(inner) ?? whyNoEffect(unwrapped(inner));
    if (why === undefined) warnOfNoEffect(inner, given, findings, at);
    else if (!isDefault(inner, given)) findings.warning(at, why);
  }
}

/** What of a lineage recipe is said even when it is what a recipe without it means: it promises what there is not. */
const PROMISES: readonly string[] = ['processQueryLineage'];

/**
 * Warns about keys without effect in a recipe like this one: each once, unless it has its default.
 * @param recipe as written, where `checked` has the defaults
 */
export function warnByRules(checked: Recipe, schema: z.ZodType, recipe: unknown, findings: Findings): void {
  const { kind } = checked;
  if (!isMapping(recipe)) return;
  const config = valueAt(recipe, ['source', 'sourceConfig', 'config']);
  const input = { kind, recipe, config: isMapping(config) ? config : {}, source: sourceOf(checked) };
  const said = new Set<string>();
  for (const rule of EFFECT_RULES) {
    if (rule.of !== undefined && !rule.of.includes(KINDS[kind].configType)) continue;
    for (const path of placesOf(rule, recipe)) {
      const key = path.at(-1) ?? '';
      const given = valueAt(recipe, path);
      const parent = modelAt(schema, recipe, path.slice(0, -1));
      const model = parent === undefined ? undefined : stepInto(parent, valueAt(recipe, path.slice(0, -1)), key);
      const isUsual = model !== undefined && isDefault(model, given) && !PROMISES.includes(String(key));
      const why = isUsual || said.has(pointer(path)) ? undefined : rule.why(input, given);
      if (why === undefined) continue;
      said.add(pointer(path));
      findings.warning(path, `has no effect${/^(without|above) /.test(why) ? ' ' : ': '}${why}.`);
    }
  }
}

/** The connector that the run opens; of tests, that of the connection given for the service of the table. */
export function sourceOf(recipe: Recipe): Source | undefined {
  const given = connectionsOf(recipe);
  const { type, sourceConfig } = recipe.source;
  const own = given.find((each) => each.serviceName === testedService(sourceConfig.config));
  const name = factsOf(recipe.kind).sourceType === undefined ? type : own?.type;
  return name !== undefined && isSourceType(name) ? findSource(name) : undefined;
}

/** Warns about keys of connections that their connector calls idle. */
export function warnOfIdleKeys(recipe: Recipe, findings: Findings): void {
  for (const { type, config, place } of connectionsOf(recipe)) {
    if (!isSourceType(type)) continue;
    for (const [key, why] of Object.entries(findSource(type).idleKeys?.(config) ?? {}))
      findings.warning([...place, key], `has no effect: ${why}.`);
  }
}

/** Warns about metrics that belong to tests: a profile has none of them. */
export function warnOfTestMetrics(kind: WorkflowKind, recipe: unknown, findings: Findings): void {
  if (kind !== 'profiler' || !isMapping(recipe)) return;
  const rule = { keys: ['metrics'], deep: true as const };
  const lists = ['source', 'processor'].flatMap((under) => placesOf({ ...rule, under: [under] }, recipe));
  for (const path of lists) {
    const names = valueAt(recipe, path);
    for (const [index, name] of (Array.isArray(names) ? names : []).entries())
      if (TEST_METRICS.some((each) => each.toLowerCase() === String(name).toLowerCase()))
        findings.warning(
          [...path, index],
          `has no effect: ${String(name)} is measured by tests, and no part of a profile.`
        );
  }
}

/** Keys of workflowConfig.config for every kind that reads a source. */
const OF_ALL_KINDS: readonly string[] = ['maxSessions'];

/** The others belong to one kind: it has the kind's name, and maxDeletedPercent belongs to metadata. */
export function warnOfOtherKinds(kind: WorkflowKind, recipe: unknown, findings: Findings): void {
  const path = ['workflowConfig', 'config'];
  const config = isMapping(recipe) ? valueAt(recipe, path) : undefined;
  for (const key of Object.keys(isMapping(config) ? config : {})) {
    if (OF_ALL_KINDS.includes(key)) continue;
    const owner = isKind(key) ? key : 'metadata';
    if (owner === kind) continue;
    findings.warning(
      [...path, key],
      `has no effect in recipes of ${KINDS[kind].title} runs; runs of ${KINDS[owner].title} read it.`
    );
  }
}

/**
 * Warns about a server whose certificate nobody checks, and about a check that is void because the address has no TLS.
 */
export function warnOfUncheckedServer(recipe: unknown, findings: Findings): void {
  const path = ['workflowConfig', 'openMetadataServerConfig'];
  const server = isMapping(recipe) ? valueAt(recipe, path) : undefined;
  if (!isMapping(server)) return;
  const { hostPort, verifySSL } = server;
  const at = [...path, 'verifySSL'];
  const secure = typeof hostPort === 'string' && /^https:/i.test(hostPort);
  if (verifySSL === 'ignore' && secure) {
    findings.warning(
      at,
      'THE CERTIFICATE OF OPENMETADATA IS NOT CHECKED (`ignore`): whoever is in between can read the token and change what is written. ' +
        'Write `validate` with sslConfig.caCertificate.'
    );
  }
  if (verifySSL === 'validate' && !secure) {
    findings.warning(at, "has no effect: hostPort isn't an https address, so the token is sent unencrypted.");
  }
}

/** Warns about a log that has nowhere to go. */
export function warnOfUnsentLogs(recipe: unknown, findings: Findings): void {
  if (!isMapping(recipe) || recipe['enableStreamableLogs'] !== true || recipe['ingestionPipelineFQN'] !== undefined)
    return;
  findings.warning(
    ['enableStreamableLogs'],
    'has no effect without ingestionPipelineFQN: OpenMetadata keeps the log of a run with its pipeline.'
  );
}

function isDefault(model: z.ZodType, given: unknown): boolean {
  return model instanceof z.ZodDefault && isDeepStrictEqual(model.def.defaultValue, given);
}
