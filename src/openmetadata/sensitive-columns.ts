import { z } from 'zod';
import { maybeList } from './api/answer-shape.js';

/** Values of what has this tag are left out of rows that are kept. */
export const SENSITIVE = 'PII.Sensitive';

const tag = z.object({ tagFQN: z.string() });

export interface Tagged {
  readonly tags: readonly z.infer<typeof tag>[];
  readonly children?: readonly Tagged[];
}

/** What a column of a nested type is made of. */
export const childColumn: z.ZodType<Tagged> = z.lazy(() =>
  z.object({ tags: maybeList(tag), children: maybeList(childColumn) })
);

/**
 * Names of the columns of which no value may be shown to everyone: they, what they are made of, or the whole table are
 * tagged so.
 */
export function sensitiveColumns({
  tags,
  columns,
}: Tagged & { readonly columns: readonly (Tagged & { readonly name: string })[] }): ReadonlySet<string> {
  const isTable = isSensitive({ tags });
  return new Set(columns.filter((column) => isTable || isSensitive(column)).map(({ name }) => name));
}

function isSensitive({ tags, children = [] }: Tagged): boolean {
  return tags.some(({ tagFQN }) => tagFQN === SENSITIVE) || children.some(isSensitive);
}
