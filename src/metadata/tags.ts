import { splitFqn, type TagLabel } from '../openmetadata/index.js';
import type { SourceTag } from '../sources/index.js';

interface Tagged {
  readonly tags?: readonly TagLabel[];
  readonly columns?: readonly Tagged[];
  readonly children?: readonly Tagged[];
}

/** The distinct tags that these requests carry, on columns too: they have to be there before the entities. */
export function requestTags(requests: readonly Tagged[]): SourceTag[] {
  const found = new Set<string>();
  const collect = (tagged: Tagged): void => {
    for (const label of tagged.tags ?? []) found.add(label.tagFQN);
    for (const part of [...(tagged.columns ?? []), ...(tagged.children ?? [])]) collect(part);
  };
  requests.forEach(collect);
  return [...found].flatMap((fqn) => {
    const [classification, tag] = splitFqn(fqn);
    return classification === undefined || tag === undefined ? [] : [{ classification, tag }];
  });
}
