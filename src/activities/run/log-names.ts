import type { NameRules } from '../../lineage/index.js';
import type { StagedRecipe } from '../../run-context/index.js';
import { findSource, foldingOfDialect, isSourceType } from '../../sources/index.js';
import { dialectNamed, type Dialect } from '../../sql/index.js';

/**
 * How names in the statements of a query log are read: as by a connector; of a log in files, as by the dialect of the
 * recipe's type, else of the service.
 */
export function logNames({ recipe, serviceType }: Pick<StagedRecipe, 'recipe' | 'serviceType'>): NameRules {
  const { type } = recipe.source;
  if (isSourceType(type)) {
    const { dialect, unquotedNames } = findSource(type);
    return { dialect: ofService(dialectNamed(dialect), serviceType), folding: unquotedNames };
  }
  const named = dialectNamed(type);
  const dialect = named === 'ansi' && serviceType !== undefined ? dialectNamed(serviceType) : named;
  return { dialect, folding: foldingOfDialect(dialect) };
}

/** The connector of MySQL reads MariaDB too: its log in files says nothing of the server, the service does. */
function ofService(dialect: Dialect, serviceType: string | undefined): Dialect {
  return dialect === 'mysql' && serviceType?.toLowerCase() === 'mariadb' ? 'mariadb' : dialect;
}
