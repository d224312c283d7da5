import { parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { filledText, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json-value.js';
import type { LineageEdge, LineageStore } from '../store/lineage-store.js';
import { html, type Html } from './html.js';
import { deletedBadge, entityLink, heading } from './page-parts.js';

const MAX_EDGES = 200;

/** What an entity is made from and what is made from it, with the columns. */
export function lineageLists(edges: LineageStore, id: string): Html | undefined {
  const upstream = edges.into(id, MAX_EDGES + 1);
  const downstream = edges.outOf(id, MAX_EDGES + 1);
  if (upstream.length + downstream.length === 0) return undefined;
  return html`<div class="columns">
    ${edgeList('Upstream', upstream, 'from')}${edgeList('Downstream', downstream, 'to')}
  </div>`;
}

function edgeList(title: string, edges: readonly LineageEdge[], other: 'from' | 'to'): Html {
  const shown = edges.slice(0, MAX_EDGES);
  const more = edges.length > MAX_EDGES && html`<p class="none">Only the first ${MAX_EDGES} are shown.</p>`;
  if (shown.length === 0)
    return html`<section>
      ${heading(title, 0)}
      <p class="none">None.</p>
    </section>`;
  return html`<section>
    ${edges.length > MAX_EDGES ? heading(title) : heading(title, shown.length)}
    <ul class="edges">
      ${shown.map((edge) => edgeItem(edge, other))}
    </ul>
    ${more}
  </section>`;
}

function edgeItem({ details, ...ends }: LineageEdge, other: 'from' | 'to'): Html {
  const node = ends[other];
  const assets = numberOf(details['assetEdges']);
  return html`<li>
    ${entityLink(node)} ${deletedBadge(node.deleted)}<span class="badge">${textOf(details['source']) ?? ''}</span>
    ${assets !== undefined && html`<span class="badge">${assets} ${assets === 1 ? 'edge' : 'edges'} of assets</span>`}${madeBy(details)}${flows(details)}${sqlOf(details)}
  </li>`;
}

function madeBy(details: JsonObject): Html | undefined {
  const pipeline = objectOf(details['pipeline']);
  const fqn = textOf(pipeline?.['fullyQualifiedName']);
  if (fqn === undefined) return undefined;
  return html`<span class="none">by ${entityLink({ type: textOf(pipeline?.['type']) ?? '', fqn })}</span>`;
}

function flows(details: JsonObject): Html | undefined {
  const columns = objectsOf(details['columnsLineage']);
  if (columns.length === 0) return undefined;
  return html`<ul class="flows">
    ${columns.map(
      (entry) =>
        html`<li>
          <bdi>${textsOf(entry['fromColumns']).map(columnName).join(', ')}</bdi> →
          <bdi>${columnName(textOf(entry['toColumn']) ?? '')}</bdi>
        </li>`
    )}
  </ul>`;
}

/** The last part of a column's FQN. */
function columnName(fqn: string): string {
  const parent = parentOf(fqn);
  return parent === undefined ? fqn : fqn.slice(parent.length + 1);
}

function sqlOf(details: JsonObject): Html | undefined {
  const sql = filledText(details['sqlQuery']);
  return sql === undefined
    ? undefined
    : html`<details>
        <summary>SQL</summary>
        <pre dir="ltr">${sql}</pre>
      </details>`;
}
