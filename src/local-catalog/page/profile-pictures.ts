import type { JsonObject } from '../json-value.js';
import { numberOf, objectsOf, textOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import { ProfileStore } from '../store/profile-store.js';
import type { Sqlite } from '../store/sqlite.js';
import { columnLine, columnLines } from './column-profiles.js';
import { customMetrics } from './custom-metrics.js';
import { html, type Html, type HtmlPart } from './html.js';
import { counted, heading, utcTime } from './page-parts.js';
import { countWords } from '../../contract/count-words.js';

/** Profiles whose row counts are drawn. */
const MOST_PROFILES = 60;
/** Of the pictures, in their own units. */
const WIDTH = 600;
const HEIGHT = 70;
/**
 * What the last profiles of a table say: its rows over time, and for each column how much is NULL or distinct, and how
 * values are distributed.
 */
export function profilePictures(sqlite: Sqlite, row: EntityRow): HtmlPart {
  const store = new ProfileStore(sqlite);
  const all = { column: '', from: 0, to: Number.MAX_SAFE_INTEGER, limit: MOST_PROFILES };
  const [latest, ...older] = store.list(row.id, 'table', all);
  if (latest === undefined) return undefined;
  const columns = objectsOf(row.document['columns']).flatMap((column) => {
    const name = textOf(column['name']) ?? '';
    const profile = store.latest(row.id, 'column', name);
    return profile === undefined ? [] : [columnLine(name, profile, textOf(column['dataType']) ?? '')];
  });
  const withRows = [latest, ...older].filter((profile) => numberOf(profile['rowCount']) !== undefined);
  return [
    heading('Profile'),
    facts(latest, withRows[0]),
    customMetrics(latest),
    rowsOverTime(withRows.reverse()),
    columnLines(columns),
  ];
}

/** @param counted the last profile with a row count, which may be older */
function facts(profile: JsonObject, counted: JsonObject | undefined): Html {
  const rows = counted === undefined ? undefined : numberOf(counted['rowCount']);
  const of = counted === profile || counted === undefined ? '' : ` on ${utcTime(numberOf(counted['timestamp']) ?? 0)}`;
  const bytes = numberOf(profile['sizeInByte']);
  const sample = numberOf(profile['profileSample']);
  const items = [
    rows === undefined ? undefined : `${countWords(rows, 'row', 'rows')}${of}`,
    bytes === undefined ? undefined : `${sizeText(bytes)}`,
    sample === undefined
      ? undefined
      : `sample of ${sample}${textOf(profile['profileSampleType']) === 'ROWS' ? ' rows' : ' %'}`,
    `measured ${utcTime(numberOf(profile['timestamp']) ?? 0)}`,
  ];
  return html`<p class="facts">
    ${items.filter((item) => item !== undefined).map((item) => html`<span>${item}</span>`)}
  </p>`;
}

function rowsOverTime(profiles: readonly JsonObject[]): Html | undefined {
  const points = profiles.flatMap((profile) => {
    const rows = numberOf(profile['rowCount']);
    return rows === undefined ? [] : [{ rows, time: numberOf(profile['timestamp']) ?? 0 }];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const most = Math.max(...points.map(({ rows }) => rows));
  const span = Math.max(1, last.time - first.time);
  const place = ({ rows, time }: { rows: number; time: number }): string =>
    `${(((time - first.time) / span) * (WIDTH - 8) + 4).toFixed(1)},${(HEIGHT - (rows / Math.max(most, 1)) * (HEIGHT - 8)).toFixed(1)}`;
  return html`<figure class="picture">
    <figcaption class="facts">
      <span>Rows over time</span
      ><span>${counted(first.rows)} at first, ${counted(last.rows)} now, ${counted(most)} at most</span>
    </figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT + 20}"
      role="img"
      aria-label="Rows from ${utcTime(first.time)} to ${utcTime(last.time)}, ${most} at most"
    >
      <line class="ground" x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" />
      <polyline class="course" points="${points.map(place).join(' ')}" />
      ${points.map(
        (point) =>
          html`<circle class="use" cx="${place(point).split(',')[0]}" cy="${place(point).split(',')[1]}" r="3">
            <title>${utcTime(point.time)}: ${countWords(point.rows, 'row', 'rows')}</title>
          </circle>`
      )}
      <text x="0" y="${HEIGHT + 16}">${utcTime(first.time)}</text>
      <text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">${utcTime(last.time)}</text>
    </svg>
  </figure>`;
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
