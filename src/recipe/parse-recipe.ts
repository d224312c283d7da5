import { z } from 'zod';
import { isKind } from '../contract/kinds.js';
import { PermanentError } from '../errors/index.js';
import { checkDriverArguments } from './check-driver-arguments.js';
import type { ChosenModel } from './choose-model.js';
import type { Findings } from './findings.js';
import { issueMessages } from './issue-messages.js';
import { keepNamesOf } from './names-of.js';
import { checkPipelineFqn } from './pipeline-fqn.js';
import { recipeModel, type Recipe } from './recipe-model.js';

/**
 * The recipe that the model makes of `prepared`.
 * @throws RecipeError with everything found so far, and everything that the model refuses.
 */
export function parseRecipe(chosen: ChosenModel, prepared: unknown, findings: Findings): Recipe {
  if (chosen.kind === 'unknown') {
    findings.problem(chosen.path, chosen.problem);
    tell(chosen.schema, prepared, chosen.schema.safeParse(prepared).error?.issues ?? [], findings);
    throw findings.error();
  }
  const parsed = chosen.model.parse(prepared);
  if ('issues' in parsed) tell(chosen.model.schema, prepared, parsed.issues, findings);
  else {
    checkPipelineFqn(parsed.recipe, findings);
    checkDriverArguments(parsed.recipe, findings);
    if (!findings.any) return parsed.recipe;
  }
  throw findings.error();
}

function tell(schema: z.ZodType, prepared: unknown, issues: readonly z.core.$ZodIssue[], findings: Findings): void {
  for (const { path, message } of issues.flatMap((issue) => issueMessages(schema, prepared, issue))) {
    if (!findings.has(path)) findings.problem(path, message);
  }
}

const staged = z.looseObject({ kind: z.string(), source: z.looseObject({ type: z.string() }) });

/**
 * A checked recipe, read back from staging. References stay as they are.
 * @throws PermanentError when it isn't one, for example because another version of this program wrote it.
 */
export function parseCheckedRecipe(value: unknown): Recipe {
  const frame = staged.safeParse(value);
  if (frame.success && isKind(frame.data.kind)) {
    const { kind, ...rest } = frame.data;
    const parsed = recipeModel(kind, rest.source.type).parse(rest);
    if ('recipe' in parsed) {
      keepNamesOf(parsed.recipe);
      return parsed.recipe;
    }
  }
  throw new PermanentError('the staged recipe is not one of this version.', {
    remedy: 'Start the run again with workers of one version.',
  });
}
