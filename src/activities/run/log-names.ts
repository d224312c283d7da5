import type { StagedRecipe } from '../../run-context/index.js';
import { findSource, foldingOfDialect, isSourceType, type NameFolding } from '../../sources/index.js';
import { dialectNamed, type Dialect } from '../../sql/index.js';

/** How names in the statements of a query log are read. */
export interface LogNames {
  readonly dialect: Dialect;
  /** Of unquoted names. */
  readonly folding: NameFolding;
}

/** A connector's own dialect; for a query log in files, that of the recipe's type, else that of the service. */
export function logNames({ recipe, serviceType }: Pick<StagedRecipe, 'recipe' | 'serviceType'>): LogNames {
  const { type } = recipe.source;
  if (isSourceType(type)) {
    const { dialect, unquotedNames } = findSource(type);
    return { dialect: dialectNamed(dialect), folding: unquotedNames };
  }
  const named = dialectNamed(type);
  const dialect = named === 'ansi' && serviceType !== undefined ? dialectNamed(serviceType) : named;
  return { dialect, folding: foldingOfDialect(dialect) };
}
