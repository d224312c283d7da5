import { z } from 'zod';
import { compilePattern } from './python-pattern.js';
import { SpentTime } from './slow-regex.js';

/** Most characters of all patterns in a list together. */
const LONGEST_LIST = 200_000;

/** Each is tried on each name. */
const MOST_PATTERNS = 5_000;

const patterns = z.array(z.string()).superRefine((texts, context) => {
  if (texts.length > MOST_PATTERNS) {
    const message = `has ${texts.length} patterns; ${MOST_PATTERNS} are allowed. Say the same with fewer patterns.`;
    context.addIssue({ code: 'custom', message });
  }
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > LONGEST_LIST) {
    const message = `has patterns of ${length} characters together; ${LONGEST_LIST} are allowed. Say the same with fewer patterns.`;
    context.addIssue({ code: 'custom', message });
  }
  if (texts.length <= MOST_PATTERNS && length <= LONGEST_LIST) checkEach(texts, context);
});

const MOST_FAULTS = 20;

function checkEach(texts: readonly string[], context: z.RefinementCtx): void {
  const spent = new SpentTime();
  let faults = 0;
  for (const [index, text] of texts.entries()) {
    try {
      compilePattern(text, spent);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        path: [index],
        message: error instanceof Error ? error.message : String(error),
      });
      faults += 1;
      if (faults === MOST_FAULTS) return;
    }
  }
}

/** Regular expressions over names, matched at the start of the name, ignoring case. `excludes` win over `includes`. */
export const filterPattern = z
  .strictObject({
    includes: z.exactOptional(patterns).describe('Only names that match one of these are taken.'),
    excludes: z.exactOptional(patterns).describe('Names that match one of these are left out, also when included.'),
  })
  .meta({ id: 'FilterPattern', title: 'filter pattern' });

export type FilterPattern = z.infer<typeof filterPattern>;
