import { z } from 'zod';

/** Each may move all items of a list: more of them would keep everybody else waiting. */
const MOST_OPERATIONS = 20_000;

/** Body of every PATCH. */
export const patchBody = z
  .array(
    z.strictObject({
      op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
      path: z.string().regex(/^(\/.*)?$/s, 'must be empty or begin with a slash'),
      from: z.string().optional(),
      value: z.unknown().optional(),
    })
  )
  .max(MOST_OPERATIONS, `a patch may have ${MOST_OPERATIONS} operations`);

export type PatchOperations = z.infer<typeof patchBody>;
