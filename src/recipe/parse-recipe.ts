import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import type { ChosenModel } from './choose-model.js';
import type { Findings } from './findings.js';
import { issueMessages } from './issue-messages.js';
import { lineageModel, metadataModel, type Recipe } from './recipe-model.js';
import { isConnector } from './source-types.js';

/**
 * The recipe that `prepared` is by its model.
 * @throws RecipeError with everything found so far and everything that the model refuses.
 */
export function parseRecipe(chosen: ChosenModel, prepared: unknown, findings: Findings): Recipe {
  switch (chosen.kind) {
    case 'metadata':
      return { kind: 'metadata', ...parseWith(chosen.model, prepared, findings) };
    case 'lineage': {
      const recipe = parseWith(chosen.model, prepared, findings);
      return { kind: 'lineage', ...recipe, source: { ...recipe.source, type: chosen.type } };
    }
    case 'unknown':
      findings.problem(chosen.path, chosen.problem);
      judge(chosen.model, prepared, findings);
      throw findings.error();
  }
}

function parseWith<T>(model: z.ZodType<T>, prepared: unknown, findings: Findings): T {
  const result = judge(model, prepared, findings);
  if (result.success && !findings.any) return result.data;
  throw findings.error();
}

function judge<T>(model: z.ZodType<T>, prepared: unknown, findings: Findings): z.ZodSafeParseResult<T> {
  const result = model.safeParse(prepared);
  const issues = result.success ? [] : result.error.issues;
  for (const { path, message } of issues.flatMap((issue) => issueMessages(model, prepared, issue))) {
    if (!findings.has(path)) findings.problem(path, message);
  }
  return result;
}

const staged = z.looseObject({
  kind: z.enum(['metadata', 'lineage']),
  source: z.looseObject({ type: z.string() }),
});

/**
 * A checked recipe read back from where it was staged. References stay as they are.
 * @throws PermanentError when it isn't one, for example because another version of this program wrote it.
 */
export function parseCheckedRecipe(value: unknown): Recipe {
  const frame = staged.safeParse(value);
  if (frame.success) {
    const { kind, source, ...rest } = frame.data;
    if (kind === 'lineage') {
      const parsed = lineageModel(source.type).safeParse({
        ...rest,
        source: { ...source, type: `${source.type}-lineage` },
      });
      if (parsed.success) return { kind, ...parsed.data, source: { ...parsed.data.source, type: source.type } };
    } else if (isConnector(source.type)) {
      const parsed = metadataModel(source.type).safeParse({ ...rest, source });
      if (parsed.success) return { kind, ...parsed.data };
    }
  }
  throw new PermanentError('the staged recipe is not one of this version.', {
    remedy: 'Start the run again with workers of one version.',
  });
}
