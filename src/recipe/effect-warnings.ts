import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isKind, KINDS, type WorkflowKind } from '../contract/kinds.js';
import { allSources, findSource, isSourceType, whyNoEffect } from '../sources/index.js';
import type { Findings } from './findings.js';
import { isMapping, valueAt, type RecipePath } from './recipe-path.js';
import { stepInto, unwrapped } from './schema-steps.js';

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
      `has no effect in a ${KINDS[kind].title} recipe; runs of ${KINDS[owner].title} read it.`
    );
  }
}

/** Warns about owners requested from a source that knows none. */
export function warnOfNoOwners(kind: WorkflowKind, recipe: unknown, findings: Findings): void {
  const path = ['source', 'sourceConfig', 'config', 'includeOwners'];
  if (kind !== 'metadata' || !isMapping(recipe) || valueAt(recipe, path) !== true) return;
  const type = valueAt(recipe, ['source', 'type']);
  if (typeof type !== 'string' || !isSourceType(type.toLowerCase())) return;
  const { type: name, supports } = findSource(type);
  if (supports.includes('owners')) return;
  const others = allSources().filter((source) => source.supports.includes('owners'));
  findings.warning(
    path,
    `has no effect: ${name} gives no owners; they are read from ${others.map((each) => each.type).join(', ')}.`
  );
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
