import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BulkKind, BulkRequests } from '../entities/index.js';
import { normalizeFqn, quoteName, trySplitFqn } from '../fqn.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';

/** What became of one request in a bulk call. */
export interface RowOutcome {
  /** FQN of the entity that the request makes. */
  readonly fqn: string;
  readonly ok: boolean;
  /** The server's message for a refused row, or why there is none. */
  readonly message?: string;
}

/** Rows in the order of the requests. */
export interface BulkOutcome {
  readonly rows: readonly RowOutcome[];
  readonly passed: number;
  readonly failed: number;
}

const row = z.object({ request: z.unknown(), status: maybe(z.number()), message: maybe(z.string()) });

const bulkAnswer = z.object({
  status: maybe(z.string()),
  abortReason: maybe(z.string()),
  successRequest: maybeList(row),
  failedRequest: maybeList(row),
});

type AnswerRow = z.infer<typeof row> & { readonly ok: boolean };

export function outcomeOf(rows: readonly RowOutcome[]): BulkOutcome {
  const passed = rows.filter((each) => each.ok).length;
  return { rows, passed, failed: rows.length - passed };
}

/** FQN of the entity that a create request makes; a name that the server will refuse is left as it is. */
export function requestFqn(request: BulkRequests[BulkKind]): string {
  if ('query' in request) return childFqn(request.service, request.name ?? queryChecksum(request.query));
  if ('service' in request) return childFqn(request.service, request.name);
  return childFqn('database' in request ? request.database : request.databaseSchema, request.name);
}

function childFqn(parent: string, name: string): string {
  return `${parent}.${name === '' || name.includes('"') ? name : quoteName(name)}`;
}

/** The name the server gives a query that has none: the MD5 of its text. */
export function queryChecksum(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Pairs each request with its row in the answer, by FQN (quoting aside), else by a name that only one request has. */
export function matchRows(fqns: readonly string[], body: unknown, call: string): RowOutcome[] {
  const answer = readAnswer(bulkAnswer, body, call);
  const rows: AnswerRow[] = [
    ...answer.successRequest.map((each) => ({ ...each, ok: true })),
    ...answer.failedRequest.map((each) => ({ ...each, ok: false })),
  ];
  const byFqn = grouped(rows, (each) => normalizeFqn(namedBy(each.request)));
  const sameName = grouped(fqns, lastPart);
  const missing = `OpenMetadata gave no answer for this row${answer.abortReason === undefined ? '' : `: ${answer.abortReason}`}.`;
  return fqns.map((fqn) => {
    const name = lastPart(fqn);
    const candidates =
      byFqn.get(normalizeFqn(fqn)) ?? (sameName.get(name)?.length === 1 ? byFqn.get(normalizeFqn(name)) : undefined);
    // the same entity twice in one batch: each request takes a row; the last row serves for the rest
    const found = candidates !== undefined && candidates.length > 1 ? candidates.shift() : candidates?.[0];
    if (found === undefined) return { fqn, ok: false, message: missing };
    if (found.ok) return { fqn, ok: true };
    return {
      fqn,
      ok: false,
      message: found.message ?? `OpenMetadata refused this row with status ${found.status ?? 'unknown'}.`,
    };
  });
}

/** Rows of deleteStale: they name what was deleted; there are no requests to pair them with. */
export function plainRows(body: unknown, call: string): RowOutcome[] {
  const answer = readAnswer(bulkAnswer, body, call);
  return [
    ...answer.successRequest.map((each) => ({ fqn: namedBy(each.request), ok: true })),
    ...answer.failedRequest.map((each) => ({
      fqn: namedBy(each.request),
      ok: false,
      message: each.message ?? 'refused',
    })),
  ];
}

/** A row names its entity by FQN, on some servers by the request itself. */
function namedBy(request: unknown): string {
  if (typeof request === 'string') return request;
  const named = z.object({ fullyQualifiedName: maybe(z.string()), name: maybe(z.string()) }).safeParse(request);
  return named.success ? (named.data.fullyQualifiedName ?? named.data.name ?? '') : '';
}

function lastPart(fqn: string): string {
  return trySplitFqn(fqn)?.at(-1) ?? fqn;
}

function grouped<T>(members: readonly T[], keyOf: (member: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const member of members) {
    const key = keyOf(member);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return groups;
}
