import { beginning } from '../../errors/index.js';
import { countWords } from '../../contract/count-words.js';
import type { Json, JsonObject } from '../json-value.js';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../json-value.js';
import { customMetrics, shortNumber } from './custom-metrics.js';
import { html, type Html } from './html.js';
import { counted } from './page-parts.js';

/** Of the pictures, in their own units. */
const SHARE = 120;
const BARS = 160;
const BAR_HEIGHT = 28;
/** Types whose least, middle and largest number is a length. */
const LENGTHS = /CHAR|TEXT|STRING|CLOB|ENUM/;
/** Characters of what is shown in one line. */
const LONGEST_NUMBER = 20;
/** Characters; all of it is in its title. */
const LONGEST_CATEGORY = 32;

/** A table of columns; numbers of many digits make it wider than the page, so that pictures stand in front of them. */
export function columnLines(lines: readonly Html[]): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Column</th>
          <th>NULL</th>
          <th>Different</th>
          <th>Values</th>
          <th class="number">Smallest</th>
          <th class="number">Median</th>
          <th class="number">Largest</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

/** How much of a column is NULL or distinct, how its values are distributed, and what they lie between. */
export function columnLine(name: string, profile: JsonObject, dataType: string): Html {
  return html`<tr>
    <td class="name"><bdi>${name}</bdi></td>
    <td>${share(nullProportion(profile), 'gap')}</td>
    <td>${share(numberOf(profile['distinctProportion']), 'use')}</td>
    <td>${histogramBars(profile) ?? categoryList(profile)} ${customMetrics(profile)}</td>
    ${['min', 'median', 'max'].map((metric) => valueCell(shownValue(profile[metric], dataType)))}
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
