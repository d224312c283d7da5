import { splitFqn, type TagLabel } from '../openmetadata/index.js';
import type { SourceTag } from '../sources/index.js';

interface Tagged {
  readonly tags?: readonly TagLabel[];
  readonly columns?: readonly Tagged[];
  readonly children?: readonly Tagged[];
}

/** The distinct tags that a request carries, including its columns. */
export function requestTags(request: Tagged): SourceTag[] {
  const found = new Set<string>();
  collect(request, found);
  return [...found].flatMap((fqn) => {
    const [classification, tag] = splitFqn(fqn);
    return classification === undefined || tag === undefined ? [] : [{ classification, tag }];
  });
}

function collect({ tags, columns, children }: Tagged, found: Set<string>): void {
  if (tags !== undefined) for (const label of tags) found.add(label.tagFQN);
  const parts = columns ?? children;
  if (parts !== undefined) for (const part of parts) collect(part, found);
}
