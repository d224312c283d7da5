import { beginning } from '../../errors/index.js';
import type { Json, JsonObject } from '../json-value.js';
import { listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import { ProfileStore } from '../store/profile-store.js';
import type { Sqlite } from '../store/sqlite.js';
import { html, type Html, type HtmlPart } from './html.js';
import { counted, heading, utcTime } from './page-parts.js';
import { countWords } from '../../contract/count-words.js';

/** Profiles whose row counts are drawn. */
const MOST_PROFILES = 60;
/** Of the pictures, in their own units. */
const WIDTH = 600;
const HEIGHT = 70;
const SHARE = 120;
const BARS = 160;
const BAR_HEIGHT = 28;
/** Types whose least, middle and largest number is a length. */
const LENGTHS = /CHAR|TEXT|STRING|CLOB|ENUM/;
/** Of numbers that are no whole ones. */
const LEAST_DIGITS = 6;
const MOST_DIGITS = 17;
const DECIMALS = 4;
/** Characters of what is shown in one line. */
const LONGEST_NUMBER = 20;
/** Characters; all of it is in its title. */
const LONGEST_CATEGORY = 32;

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
  const most = Math.max(...points.map(({ rows }) => rows), 1);
  const span = Math.max(1, last.time - first.time);
  const place = ({ rows, time }: { rows: number; time: number }): string =>
    `${(((time - first.time) / span) * (WIDTH - 8) + 4).toFixed(1)},${(HEIGHT - (rows / most) * (HEIGHT - 8)).toFixed(1)}`;
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

function columnLines(lines: readonly Html[]): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Column</th>
          <th>NULL</th>
          <th>Different</th>
          <th class="number">Smallest</th>
          <th class="number">Median</th>
          <th class="number">Largest</th>
          <th>Values</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

function columnLine(name: string, profile: JsonObject, dataType: string): Html {
  return html`<tr>
    <td class="name"><bdi>${name}</bdi></td>
    <td>${share(nullProportion(profile), 'gap')}</td>
    <td>${share(numberOf(profile['distinctProportion']), 'use')}</td>
    ${['min', 'median', 'max'].map((metric) => valueCell(shownValue(profile[metric], dataType)))}
    <td>${histogramBars(profile) ?? categoryList(profile)} ${customMetrics(profile)}</td>
  </tr>`;
}

/** A run may have counted without asking for shares. */
function nullProportion(profile: JsonObject): number | undefined {
  const [nulls, values] = [numberOf(profile['nullCount']), numberOf(profile['valuesCount'])];
  const counted =
    nulls === undefined || values === undefined || nulls + values === 0 ? undefined : nulls / (nulls + values);
  return numberOf(profile['nullProportion']) ?? counted;
}

function share(proportion: number | undefined, look: string): Html | undefined {
  if (proportion === undefined) return undefined;
  const percent = `${(100 * proportion).toFixed(proportion > 0 && proportion < 0.1 ? 1 : 0)} %`;
  return html`<svg class="share" viewBox="0 0 ${SHARE} 10" role="img" aria-label="${percent}">
      <rect class="whole" x="0" y="0" width="${SHARE}" height="10" rx="2" />
      <rect class="${look}" x="0" y="0" width="${(SHARE * proportion).toFixed(1)}" height="10" rx="2" />
    </svg>
    ${percent}`;
}

/** What is no longer than a number or a time stands in one line. */
function valueCell(value: string): Html {
  return html`<td class="value ${value.length > LONGEST_NUMBER && 'long'}">${value}</td>`;
}

function shownValue(value: Json | undefined, dataType: string): string {
  const number = numberOf(value);
  if (number === undefined) return textOf(value) ?? '';
  // of a time of day, in seconds, a rounded one would be another
  if (dataType === 'TIME') return `${number} s`;
  const shown = shortNumber(number);
  // in characters or bytes, as the engine counts
  return LENGTHS.test(dataType) ? `length ${shown}` : shown;
}

function shortNumber(number: number): string {
  return String(Number.isInteger(number) ? number : Number(number.toPrecision(digitsOf(number))));
}

function customMetrics(profile: JsonObject): Html | undefined {
  const metrics = objectsOf(profile['customMetrics']).flatMap((metric) => {
    const [name, value] = [textOf(metric['name']), numberOf(metric['value'])];
    return name === undefined || value === undefined ? [] : [`${name} = ${shortNumber(value)}`];
  });
  if (metrics.length === 0) return undefined;
  return html`<p class="facts">${metrics.map((metric) => html`<span title="Custom metric">${metric}</span>`)}</p>`;
}

/** As many digits as leave a few behind the point. */
function digitsOf(number: number): number {
  const before = Math.abs(number) < 1 ? 0 : Math.floor(Math.log10(Math.abs(number))) + 1;
  return Math.min(MOST_DIGITS, Math.max(LEAST_DIGITS, before + DECIMALS));
}

function histogramBars(profile: JsonObject): Html | undefined {
  const histogram = objectOf(profile['histogram']);
  if (histogram === undefined) return undefined;
  const labels = textsOf(histogram['boundaries']);
  const counts = listOf(histogram['frequencies']).map((each) => numberOf(each) ?? 0);
  const most = Math.max(...counts, 1);
  const step = BARS / Math.max(1, counts.length);
  return html`<svg
    class="bins"
    viewBox="0 0 ${BARS} ${BAR_HEIGHT}"
    role="img"
    aria-label="Histogram of ${countWords(counts.length, 'bin', 'bins')}"
  >
    ${counts.map((count, at) => {
      const height = count === 0 ? 0 : Math.max(1, (BAR_HEIGHT * count) / most);
      return html`<rect
        class="use"
        x="${(at * step).toFixed(2)}"
        y="${(BAR_HEIGHT - height).toFixed(1)}"
        width="${(step * 0.9).toFixed(2)}"
        height="${height.toFixed(1)}"
      >
        <title>${labels[at] ?? ''}: ${counted(count)}</title>
      </rect>`;
    })}
  </svg>`;
}

function categoryList(profile: JsonObject): Html | undefined {
  const distribution = objectOf(profile['cardinalityDistribution']);
  if (distribution === undefined) return undefined;
  if (distribution['allValuesUnique'] === true) return html`<span class="none">all different</span>`;
  const percentages = listOf(distribution['percentages']).map((each) => numberOf(each) ?? 0);
  const names = textsOf(distribution['categories']).slice(0, 3);
  return html`<span class="none categories"
    >${names.map((name, at) => html`${at > 0 && ', '}<span title="${name}">${shortText(name)} ${percentages[at] ?? 0} %</span>`)}</span
  >`;
}

function shortText(text: string): string {
  if (text.trim() === '') return text === '' ? '(empty text)' : '(blanks)';
  return text.length > LONGEST_CATEGORY ? `${beginning(text, LONGEST_CATEGORY)}…` : text;
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
