import type { NameRules } from '../../lineage/index.js';
import type { StagedRecipe } from '../../run-context/index.js';
import { findSource, foldingOfDialect, isSourceType } from '../../sources/index.js';
import { dialectNamed } from '../../sql/index.js';

/**
 * How names in the statements of a query log are read: as by a connector; of a log in files, as by the dialect of the
 * recipe's type, else of the service.
 */
export function logNames({ recipe, serviceType }: Pick<StagedRecipe, 'recipe' | 'serviceType'>): NameRules {
  const { type } = recipe.source;
  if (isSourceType(type)) {
    const { dialect, unquotedNames } = findSource(type);
    return { dialect: dialectNamed(dialect), folding: unquotedNames };
  }
  const named = dialectNamed(type);
  const dialect = named === 'ansi' && serviceType !== undefined ? dialectNamed(serviceType) : named;
  return { dialect, folding: foldingOfDialect(dialect) };
}
