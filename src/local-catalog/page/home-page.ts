import { textOf } from '../json-value.js';
import { listEntities } from '../store/entity-listing.js';
import type { EntityStore } from '../store/entity-store.js';
import { countBelow, pager } from './container-page.js';
import { entityTable, type ExtraColumn } from './entity-table.js';
import { html, type Html, type HtmlPart } from './html.js';
import { renderPage } from './page-layout.js';
import { PAGE_TYPES, TYPE_WORDS } from './page-links.js';
import { counted, heading } from './page-parts.js';

const PAGE_SIZE = 100;

const serviceTypeColumn: ExtraColumn = { title: 'Type', value: (row) => textOf(row.document['serviceType']) };

/** The list of services. */
export function homePage(store: EntityStore, after: string | undefined): Html {
  const page = listEntities(store.sqlite, { type: 'databaseService', include: 'all' }, PAGE_SIZE, after);
  const counts = [...PAGE_TYPES].map(([type, word]) => {
    const count = store.count(type);
    return html`<span>${counted(count)} ${count === 1 ? TYPE_WORDS.get(type) : word.toLowerCase()}</span>`;
  });
  const columns = [serviceTypeColumn, countBelow(store, 'database', 'Databases'), countBelow(store, 'table', 'Tables')];
  const list: HtmlPart =
    page.total === 0
      ? html`<p class="none">
          Nothing here yet. Run a recipe whose <code>hostPort</code> is this address followed by <code>/api</code>.
        </p>`
      : [heading('Services', page.total), entityTable(page.rows, columns), pager('/', 'after', after, page.after)];
  return renderPage({
    title: 'Local catalog',
    crumbs: [],
    body: [
      html`<h1>Catalog</h1>
        <p class="facts">${counts}</p>`,
      list,
    ],
  });
}
