import { splitFqn, type TagLabel } from '../openmetadata/index.js';
import type { SourceTag } from '../sources/index.js';

interface Tagged {
  readonly tags?: readonly TagLabel[];
  readonly columns?: readonly Tagged[];
  readonly children?: readonly Tagged[];
}

/** The distinct tags that a request carries, on columns too. */
export function requestTags(request: Tagged): SourceTag[] {
  const found = new Set<string>();
  const collect = (tagged: Tagged): void => {
    for (const label of tagged.tags ?? []) found.add(label.tagFQN);
    for (const part of tagged.columns ?? tagged.children ?? []) collect(part);
  };
  collect(request);
  return [...found].flatMap((fqn) => {
    const [classification, tag] = splitFqn(fqn);
    return classification === undefined || tag === undefined ? [] : [{ classification, tag }];
  });
}
