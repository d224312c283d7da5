import type { JsonObject } from '../json-value.js';
import { numberOf, objectsOf, textOf } from '../json-value.js';
import { html, type Html } from './html.js';

/** Of numbers that are no whole ones. */
const LEAST_DIGITS = 6;
const MOST_DIGITS = 17;
const DECIMALS = 4;

/** The custom metrics of a profile, of a table or of a column. */
export function customMetrics(profile: JsonObject): Html | undefined {
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

export function shortNumber(number: number): string {
  return String(Number.isInteger(number) ? number : Number(number.toPrecision(digitsOf(number))));
}
