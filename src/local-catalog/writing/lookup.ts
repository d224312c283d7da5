import { normaliseFqn } from '../fqn.js';
import { objectsOf, textOf } from '../json-value.js';
import type { Json } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore, EntityStub } from '../store/entity-store.js';

/** Reads for one call, each entity once: most rows of a bulk call have the same schema, tags and referred tables. */
export class Lookup {
  readonly #rows = new Map<string, EntityRow | undefined>();
  readonly #columns = new Map<string, ReadonlySet<string>>();

  constructor(readonly store: EntityStore) {}

  /** A live entity by FQN, however it is quoted. */
  live(type: string, spelledFqn: string): EntityRow | undefined {
    const fqn = normaliseFqn(spelledFqn);
    const key = `${type} ${fqn}`;
    if (this.#rows.has(key)) return this.#rows.get(key);
    const row = this.store.find(type, fqn);
    this.#rows.set(key, row);
    return row;
  }

  /** A live entity by id. */
  liveById(type: string, id: string): EntityStub | undefined {
    const stub = this.store.stubById(type, id);
    return stub?.deleted === true ? undefined : stub;
  }

  /** FQNs of the columns of a live table, nested ones too; none for an unknown table. */
  columnsOf(tableFqn: string): ReadonlySet<string> {
    const known = this.#columns.get(tableFqn);
    if (known !== undefined) return known;
    const table = this.store.find('table', tableFqn);
    const fqns = columnFqns(table?.document['columns']);
    this.#columns.set(tableFqn, fqns);
    return fqns;
  }

  /** To be called after an entity was written. */
  forget(type: string, fqn: string): void {
    this.#rows.delete(`${type} ${fqn}`);
    this.#columns.delete(fqn);
  }
}

/** FQNs of built columns, nested ones too. */
export function columnFqns(columns: Json | undefined): Set<string> {
  const fqns = new Set<string>();
  const collect = (list: Json | undefined): void => {
    for (const column of objectsOf(list)) {
      const fqn = textOf(column['fullyQualifiedName']);
      if (fqn !== undefined) fqns.add(fqn);
      collect(column['children']);
    }
  };
  collect(columns);
  return fqns;
}
