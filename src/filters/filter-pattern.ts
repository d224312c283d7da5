import { z } from 'zod';
import { compilePattern } from './python-pattern.js';

const pattern = z.string().superRefine((text, context) => {
  try {
    compilePattern(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

/** Regular expressions over names, matched at the start of the name, ignoring case. `excludes` win over `includes`. */
export const filterPattern = z
  .strictObject({
    includes: z.exactOptional(z.array(pattern)).describe('Only names that match one of these are taken.'),
    excludes: z
      .exactOptional(z.array(pattern))
      .describe('Names that match one of these are left out, also when included.'),
  })
  .meta({ id: 'FilterPattern', title: 'filter pattern' });

export type FilterPattern = z.infer<typeof filterPattern>;
