import { isDeepStrictEqual } from 'node:util';

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

export interface PatchRules {
  /** Lets `replace` change what users may have typed. Default false. */
  readonly overrideMetadata?: boolean;
}

/** What people fill in by hand: a run adds to it, replaces it only with `overrideMetadata`, and never removes it. */
const PROTECTED = ['description', 'tags', 'owners', 'displayName', 'tableConstraints', 'extension'];
/** Lists to which members can be added without a position; others are replaced as a whole. */
const APPENDED = new Set(['tableConstraints', 'tags', 'owners']);

/**
 * JSON Patch from an entity as the server has it to the wanted values of some of its fields. A wanted null removes the
 * field; undefined leaves it alone. Empty when there is nothing to do: then send nothing.
 */
export function buildPatch(
  current: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  rules: PatchRules = {}
): PatchOperation[] {
  const operations = Object.entries(wanted).flatMap(([field, value]) =>
    fieldPatch(field, current[field] ?? undefined, value)
  );
  return operations.filter((operation) => isAllowed(operation, rules));
}

function fieldPatch(field: string, current: unknown, wanted: unknown): PatchOperation[] {
  const path = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (wanted === undefined || isDeepStrictEqual(current, wanted)) return [];
  if (current === undefined) return wanted === null ? [] : [{ op: 'add', path, value: wanted }];
  // The server's models need both: the null for fields with a default, the removal for the others.
  if (wanted === null)
    return [
      { op: 'replace', path, value: null },
      { op: 'remove', path },
    ];
  const added = APPENDED.has(field) ? addedMembers(current, wanted) : undefined;
  return added?.map((value) => ({ op: 'add', path: `${path}/-`, value })) ?? [{ op: 'replace', path, value: wanted }];
}

/** Members to append when nothing else differs; undefined when the lists differ otherwise. */
function addedMembers(current: unknown, wanted: unknown): unknown[] | undefined {
  if (!Array.isArray(current) || !Array.isArray(wanted)) return undefined;
  const has = (list: readonly unknown[], member: unknown): boolean =>
    list.some((other) => isDeepStrictEqual(other, member));
  return current.every((member) => has(wanted, member)) ? wanted.filter((member) => !has(current, member)) : undefined;
}

function isAllowed({ op, path }: PatchOperation, { overrideMetadata = false }: PatchRules): boolean {
  const segments = path.split('/');
  if (!PROTECTED.some((name) => segments.includes(name))) return true;
  return op === 'add' || (op === 'replace' && overrideMetadata);
}
