import type { EntityStore } from '../store/entity-store.js';
import { findByName } from '../store/name-search.js';
import { pager } from './container-page.js';
import { html, type Html } from './html.js';
import { renderPage } from './page-layout.js';
import { PAGE_TYPES, TYPE_WORDS } from './page-links.js';
import { deletedBadge, entityLink } from './page-parts.js';

const PAGE_SIZE = 100;

/** Entities whose name contains the text, whatever the case. */
export function searchPage(store: EntityStore, text: string, after: string | undefined): Html {
  const wanted = text.trim();
  const { hits, after: next } =
    wanted === ''
      ? { hits: [], after: undefined }
      : findByName(store.sqlite, [...PAGE_TYPES.keys()], wanted, PAGE_SIZE, after);
  const body =
    hits.length === 0
      ? html`<p class="none">${wanted === '' ? 'Type a part of a name.' : 'No name contains this.'}</p>`
      : html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Kind</th>
                  <th>Where</th>
                </tr>
              </thead>
              <tbody>
                ${hits.map(
                  (hit) =>
                    html`<tr class="${hit.deleted ? 'deleted' : ''}">
                      <td class="name">${entityLink(hit, hit.name)} ${deletedBadge(hit.deleted)}</td>
                      <td>${TYPE_WORDS.get(hit.type)}</td>
                      <td class="about"><bdi>${hit.fqn}</bdi></td>
                    </tr>`
                )}
              </tbody>
            </table>
          </div>
          ${pager(`/search?q=${encodeURIComponent(wanted)}`, 'after', after, next)}`;
  return renderPage({
    title: `${wanted === '' ? 'Search' : wanted} · Local catalog`,
    crumbs: [{ label: 'Services', href: '/' }, { label: 'Search' }],
    searched: text,
    body: [html`<h1>${wanted === '' ? 'Search' : html`Names with “<bdi>${wanted}</bdi>”`}</h1>`, body],
  });
}
