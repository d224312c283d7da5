import { filledText, objectOf, objectsOf, textOf } from '../json-value.js';
import { listEntities } from '../store/entity-listing.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore } from '../store/entity-store.js';
import { LineageStore } from '../store/lineage-store.js';
import { columnTable, foreignKeyList } from './column-table.js';
import { CHILD_LISTS, childList } from './container-page.js';
import { html, type Html, type HtmlPart } from './html.js';
import { lineageLists } from './lineage-lists.js';
import { crumbsTo, renderPage } from './page-layout.js';
import { TYPE_WORDS } from './page-links.js';
import { deletedBadge, description, heading, tagBadges, utcTime } from './page-parts.js';
import { testList } from './test-list.js';
import { pipelineList } from './pipeline-list.js';
import { profilePictures } from './profile-pictures.js';
import { usagePictures } from './usage-pictures.js';

const MAX_QUERIES = 20;
/** Types with their own usage. */
const USED_TYPES: ReadonlySet<string> = new Set(['table', 'databaseSchema', 'database']);

/** The page of one entity. `cursor` gives the query parameter after which a list of children begins. */
export function entityPage(store: EntityStore, row: EntityRow, cursor: (name: string) => string | undefined): Html {
  const lists = CHILD_LISTS.get(row.type) ?? [];
  return renderPage({
    title: `${row.name} · Local catalog`,
    crumbs: crumbsTo(containersOf(row), row.name),
    body: [
      html`<h1 class="${row.deleted ? 'deleted' : ''}"><bdi>${row.name}</bdi></h1>`,
      facts(row),
      description(row.document),
      USED_TYPES.has(row.type) && usagePictures(store.sqlite, row),
      lists.map((list) => childList(store, row, list, cursor(list.cursor))),
      row.type === 'databaseService' && pipelineList(store, row),
      row.type === 'table' && profilePictures(store.sqlite, row),
      row.type === 'table' && testList(store, row),
      row.type === 'table' && tableParts(row),
      row.type === 'storedProcedure' &&
        codeBlock('Code', textOf(objectOf(row.document['storedProcedureCode'])?.['code'])),
      lineageLists(new LineageStore(store.sqlite), row.id),
      row.type === 'table' && queryList(store, row),
    ],
  });
}

function facts(row: EntityRow): Html {
  const { document } = row;
  const kind = textOf(document['tableType']) ?? textOf(document['storedProcedureType']);
  const items: HtmlPart[] = [
    kind === undefined ? (TYPE_WORDS.get(row.type) ?? row.type) : `${TYPE_WORDS.get(row.type) ?? row.type}, ${kind}`,
    textOf(document['serviceType']),
    `version ${row.version}`,
    `changed ${utcTime(row.updatedAt)}`,
  ];
  const marks: HtmlPart[] = [...(row.deleted ? [deletedBadge(true)] : []), ...tagBadges(document['tags'])];
  return html`<p class="facts">
      ${items.filter((item) => item !== undefined).map((item) => html`<span>${item}</span>`)}
    </p>
    ${marks.length > 0 && html`<p class="facts">${marks}</p>`}`;
}

function tableParts(row: EntityRow): HtmlPart {
  return [
    heading('Columns', objectsOf(row.document['columns']).length),
    columnTable(row.document),
    foreignKeyList(row.document),
    codeBlock('Definition', textOf(row.document['schemaDefinition'])),
  ];
}

function codeBlock(title: string, code: string | undefined): Html | undefined {
  const text = filledText(code);
  return text === undefined
    ? undefined
    : html`${heading(title)}
        <pre dir="ltr">${text}</pre>`;
}

function queryList(store: EntityStore, row: EntityRow): Html | undefined {
  const page = listEntities(store.sqlite, { type: 'query', include: 'non-deleted', usedByEntity: row.id }, MAX_QUERIES);
  if (page.total === 0) return undefined;
  return html`${heading('Queries', page.total)}
  ${page.rows.map((query) => html`<pre dir="ltr">${textOf(query.document['query'])}</pre>`)}
  ${page.after !== undefined && html`<p class="none">Only the first ${MAX_QUERIES} are shown.</p>`}`;
}

/** Service, database and schema of an entity, as far as it has them. */
function containersOf(row: EntityRow): { type: string; name: string; fqn: string }[] {
  return ['service', 'database', 'databaseSchema'].flatMap((key) => {
    const reference = objectOf(row.document[key]);
    const [type, name, fqn] = [reference?.['type'], reference?.['name'], reference?.['fullyQualifiedName']].map(textOf);
    return type === undefined || name === undefined || fqn === undefined ? [] : [{ type, name, fqn }];
  });
}
