import { objectsOf, textOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import { html, type Html, type HtmlPart } from './html.js';
import { about, counted, deletedBadge, entityLink, tagBadges } from './page-parts.js';

/** A column of a list in addition to the name and the description. */
export interface ExtraColumn {
  readonly title: string;
  readonly numeric?: true;
  readonly value: (row: EntityRow) => HtmlPart;
}

/** Entities one below another, each a link. */
export function entityTable(rows: readonly EntityRow[], extra: readonly ExtraColumn[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Name</th>
          ${extra.map((column) => html`<th class="${cellClass(column)}">${column.title}</th>`)}
          <th>Description</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => entityLine(row, extra))}
      </tbody>
    </table>
  </div>`;
}

function entityLine(row: EntityRow, extra: readonly ExtraColumn[]): Html {
  return html`<tr class="${row.deleted ? 'deleted' : ''}">
    <td class="name">${entityLink(row, row.name)} ${deletedBadge(row.deleted)}</td>
    ${extra.map((column) => html`<td class="${cellClass(column)}">${column.value(row)}</td>`)}
    <td class="about" dir="auto">${tagBadges(row.document['tags'])}${about(row.document)}</td>
  </tr>`;
}

function cellClass(column: ExtraColumn): string {
  return column.numeric === true ? 'number' : '';
}

export const tableTypeColumn: ExtraColumn = {
  title: 'Type',
  value: (row) => html`<span class="badge">${textOf(row.document['tableType']) ?? 'Regular'}</span>`,
};

export const columnCountColumn: ExtraColumn = {
  title: 'Columns',
  numeric: true,
  value: (row) => counted(objectsOf(row.document['columns']).length),
};
