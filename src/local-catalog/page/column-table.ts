import { parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectsOf, textOf, textsOf } from '../json-value.js';
import { html, type Html } from './html.js';
import { about, entityLink, tagBadges } from './page-parts.js';

/** A table's columns with types and constraints, nested ones below their parents. */
export function columnTable(table: JsonObject): Html {
  const columns = objectsOf(table['columns']);
  if (columns.length === 0) return html`<p class="none">None.</p>`;
  const badges = constraintBadges(table);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Name</th>
          <th>Type</th>
          <th>Constraints</th>
          <th>Description</th>
        </tr>
      </thead>
      <tbody>
        ${columns.flatMap((column) => columnLines(column, '', badges))}
      </tbody>
    </table>
  </div>`;
}

function columnLines(column: JsonObject, prefix: string, badges: ReadonlyMap<string, readonly Html[]>): Html[] {
  const name = textOf(column['name']) ?? '';
  const shownName = prefix === '' ? name : `${prefix}.${name}`;
  const own = prefix === '' ? (badges.get(name) ?? []) : [];
  const type = textOf(column['dataTypeDisplay']) ?? (textOf(column['dataType']) ?? '').toLowerCase();
  const line = html`<tr>
    <td class="name"><bdi>${shownName}</bdi></td>
    <td class="type">${type}</td>
    <td>${ownConstraint(column)}${own}</td>
    <td class="about" dir="auto">${tagBadges(column['tags'])}${about(column)}</td>
  </tr>`;
  return [line, ...objectsOf(column['children']).flatMap((child) => columnLines(child, shownName, badges))];
}

const OWN_BADGES: Readonly<Record<string, Html>> = {
  PRIMARY_KEY: html`<span class="badge key">primary key</span>`,
  UNIQUE: html`<span class="badge key">unique</span>`,
  NOT_NULL: html`<span class="badge">not null</span>`,
};

function ownConstraint(column: JsonObject): Html | undefined {
  return OWN_BADGES[textOf(column['constraint']) ?? ''];
}

const TABLE_BADGES: Readonly<Record<string, readonly [text: string, look: string]>> = {
  PRIMARY_KEY: ['part of primary key', 'key'],
  UNIQUE: ['part of unique key', 'key'],
  FOREIGN_KEY: ['foreign key', 'link'],
  SORT_KEY: ['sort key', ''],
  DIST_KEY: ['distribution key', ''],
  CLUSTER_KEY: ['cluster key', ''],
};

/** Badges that the table's constraints put on its columns, by column name. */
function constraintBadges(table: JsonObject): ReadonlyMap<string, readonly Html[]> {
  const badges = new Map<string, Html[]>();
  for (const constraint of objectsOf(table['tableConstraints'])) {
    const [text, look] = TABLE_BADGES[textOf(constraint['constraintType']) ?? ''] ?? ['constraint', ''];
    for (const column of textsOf(constraint['columns'])) {
      badges.set(column, [...(badges.get(column) ?? []), html`<span class="badge ${look}">${text}</span>`]);
    }
  }
  return badges;
}

/** A column of another table, leading to that table. */
function referredLink(column: string, index: number): Html {
  const table = parentOf(column) ?? column;
  return html`${index > 0 && ', '}${entityLink({ type: 'table', fqn: table }, column)}`;
}

/** Foreign keys in words: own columns and what they refer to. */
export function foreignKeyList(table: JsonObject): Html | undefined {
  const keys = objectsOf(table['tableConstraints']).filter(
    (constraint) => constraint['constraintType'] === 'FOREIGN_KEY'
  );
  if (keys.length === 0) return undefined;
  return html`<h2>Foreign keys</h2>
    <ul class="edges">
      ${keys.map(
        (key) =>
          html`<li>
            <bdi>${textsOf(key['columns']).join(', ')}</bdi> → ${textsOf(key['referredColumns']).map(referredLink)}
          </li>`
      )}
    </ul>`;
}
