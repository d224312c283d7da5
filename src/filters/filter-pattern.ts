import { z } from 'zod';
import { compilePattern } from './python-pattern.js';

const pattern = z.string().superRefine((text, context) => {
  try {
    compilePattern(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

/** Most characters of all patterns in a list together. */
const LONGEST_LIST = 200_000;

/** Each is tried on each name. */
const MOST_PATTERNS = 5_000;

const patterns = z.array(pattern).superRefine((texts, context) => {
  if (texts.length > MOST_PATTERNS) {
    const message = `has ${texts.length} patterns; ${MOST_PATTERNS} are allowed. Say the same with fewer patterns.`;
    context.addIssue({ code: 'custom', message });
  }
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > LONGEST_LIST) {
    const message = `has patterns of ${length} characters together; ${LONGEST_LIST} are allowed. Say the same with fewer patterns.`;
    context.addIssue({ code: 'custom', message });
  }
});

/** Regular expressions over names, matched at the start of the name, ignoring case. `excludes` win over `includes`. */
export const filterPattern = z
  .strictObject({
    includes: z.exactOptional(patterns).describe('Only names that match one of these are taken.'),
    excludes: z.exactOptional(patterns).describe('Names that match one of these are left out, also when included.'),
  })
  .meta({ id: 'FilterPattern', title: 'filter pattern' });

export type FilterPattern = z.infer<typeof filterPattern>;
