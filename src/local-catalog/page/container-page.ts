import type { EntityStore } from '../store/entity-store.js';
import { countEntities, listEntities } from '../store/entity-listing.js';
import type { EntityRow } from '../store/entity-row.js';
import { columnCountColumn, entityTable, tableTypeColumn, type ExtraColumn } from './entity-table.js';
import { html, type Html } from './html.js';
import { entityHref } from './page-links.js';
import { counted, heading } from './page-parts.js';

const PAGE_SIZE = 100;

/** A list on a container's page: the entities of one type directly below it. */
export interface ChildList {
  readonly type: string;
  readonly title: string;
  /** Query parameter that holds the cursor of this list. */
  readonly cursor: string;
  /** True: nothing is shown when there are none. */
  readonly optional?: true;
  readonly extra: (store: EntityStore) => readonly ExtraColumn[];
}

const DATABASES: ChildList = {
  type: 'database',
  title: 'Databases',
  cursor: 'after',
  extra: (store) => [countBelow(store, 'databaseSchema', 'Schemas'), countBelow(store, 'table', 'Tables')],
};
const SCHEMAS: ChildList = {
  type: 'databaseSchema',
  title: 'Schemas',
  cursor: 'after',
  extra: (store) => [countBelow(store, 'table', 'Tables'), countBelow(store, 'storedProcedure', 'Procedures')],
};
const TABLES: ChildList = {
  type: 'table',
  title: 'Tables',
  cursor: 'after',
  extra: () => [tableTypeColumn, columnCountColumn],
};
const PROCEDURES: ChildList = {
  type: 'storedProcedure',
  title: 'Stored procedures',
  cursor: 'procedures',
  optional: true,
  extra: () => [],
};

/** What the page of each type of container shows. */
export const CHILD_LISTS: ReadonlyMap<string, readonly ChildList[]> = new Map([
  ['databaseService', [DATABASES]],
  ['database', [SCHEMAS]],
  ['databaseSchema', [TABLES, PROCEDURES]],
]);

/** Deleted children are shown as well, marked; the count is of live ones. */
export function childList(
  store: EntityStore,
  parent: EntityRow,
  list: ChildList,
  after: string | undefined
): Html | undefined {
  const filter = { type: list.type, parentFqn: parent.fqn };
  const page = listEntities(store.sqlite, { ...filter, include: 'all' }, PAGE_SIZE, after);
  if (page.total === 0) return list.optional === true ? undefined : emptyList(list.title);
  const live = countEntities(store.sqlite, { ...filter, include: 'non-deleted' });
  const here = entityHref(parent.type, parent.fqn);
  return html`${heading(list.title, live)} ${entityTable(page.rows, list.extra(store))}
  ${pager(here, list.cursor, after, page.after)}`;
}

function emptyList(title: string): Html {
  return html`${heading(title, 0)}
    <p class="none">None.</p>`;
}

/** Links to the first and the next page of a long list. */
export function pager(here: string, cursor: string, current: string | undefined, next: string | undefined): Html {
  const separator = here.includes('?') ? '&' : '?';
  const first = current !== undefined && html`<a href="${here}">First page</a> `;
  const further =
    next !== undefined &&
    html`<a rel="next" href="${`${here}${separator}${cursor}=${encodeURIComponent(next)}`}">Next page</a>`;
  return html`<p class="more">${first}${further}</p>`;
}

/** How many live entities of a type lie below each row. */
export function countBelow(store: EntityStore, type: string, title: string): ExtraColumn {
  return {
    title,
    numeric: true,
    value: (row) => counted(countEntities(store.sqlite, { type, include: 'non-deleted', belowFqn: row.fqn })),
  };
}
