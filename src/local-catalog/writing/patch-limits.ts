import { beginning } from '../../errors/index.js';
import type { PatchOperations } from './patch-body.js';

type PatchOperation = PatchOperations[number];

/** Characters of JSON that all copies in one patch may add: each copy of the whole document doubles it. */
const MOST_COPIED = 4 * 1024 * 1024;
const INDEX = /^(0|[1-9]\d{0,8})$/;

/** What the copies in one patch have added so far. */
export class CopyAllowance {
  #left = MOST_COPIED;

  /** Why a copy isn't made. */
  fault(document: unknown, { op, from }: PatchOperation): string | undefined {
    if (op !== 'copy' || from === undefined) return undefined;
    this.#left -= (JSON.stringify(valueAt(document, from)) ?? '').length;
    return this.#left < 0 ? `the copies of a patch may have ${MOST_COPIED / 1024 / 1024} MiB together` : undefined;
  }
}

/** Why an operation's paths aren't in a JSON document: `/columns/length` is JavaScript's, not JSON's. */
export function placeFault(document: unknown, { path, from }: PatchOperation): string | undefined {
  for (const place of from === undefined ? [path] : [from, path]) {
    let value = document;
    const parts = partsOf(place);
    for (const [number, part] of parts.entries()) {
      if (Array.isArray(value)) {
        const isEnd = part === '-' && number === parts.length - 1;
        if (!isEnd && !INDEX.test(part)) return `${beginning(part, 60)} isn't a place in a list`;
      } else if (typeof value !== 'object' || value === null) {
        if (value !== undefined) return 'it leads into a value that has no parts';
      } else if (part === '__proto__' || part === 'constructor' || part === 'prototype') {
        return `${part} isn't a key of a document`;
      }
      value = step(value, part);
    }
  }
  return undefined;
}

function valueAt(document: unknown, place: string): unknown {
  return partsOf(place).reduce(step, document);
}

function step(value: unknown, part: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return Reflect.get(value, part);
}

function partsOf(place: string): string[] {
  return place
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
