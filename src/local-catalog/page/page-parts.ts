import type { Json, JsonObject } from '../json-value.js';
import { filledText, objectsOf, textOf } from '../json-value.js';
import { html, type Html, type HtmlPart } from './html.js';
import { entityHref, PAGE_TYPES } from './page-links.js';

/** Pieces that several pages share. */

const numbers = new Intl.NumberFormat('en');
const ABOUT_LENGTH = 160;

export function deletedBadge(deleted: boolean): HtmlPart {
  return deleted && html`<span class="badge gone">deleted</span>`;
}

export function tagBadges(tags: Json | undefined): Html[] {
  return objectsOf(tags).map((tag) => html`<span class="badge"><bdi>${textOf(tag['tagFQN']) ?? ''}</bdi></span>`);
}

export function entityLink(entity: { readonly type: string; readonly fqn: string }, label: string = entity.fqn): Html {
  if (!PAGE_TYPES.has(entity.type)) return html`<bdi>${label}</bdi>`;
  return html`<a href="${entityHref(entity.type, entity.fqn)}"><bdi>${label}</bdi></a>`;
}

/** The whole description, or that there is none. */
export function description(document: JsonObject): Html {
  const text = filledText(document['description']);
  if (text === undefined) return html`<p class="none">No description.</p>`;
  return html`<p class="description" dir="auto">${text}</p>`;
}

/** The first line of a description, shortened for a table's cell. */
export function about(document: JsonObject): string {
  const [line = ''] = (textOf(document['description']) ?? '').trim().split('\n');
  const characters = Array.from(line);
  return characters.length > ABOUT_LENGTH ? `${characters.slice(0, ABOUT_LENGTH).join('')}…` : line;
}

export function heading(title: string, count?: number): Html {
  return html`<h2>${title} ${count !== undefined && html`<span class="count">${counted(count)}</span>`}</h2>`;
}

export function counted(count: number): string {
  return numbers.format(count);
}

/** `2026-11-23 17:04 UTC` */
export function utcTime(milliseconds: number): string {
  const iso = isoOf(milliseconds);
  return iso === undefined ? NO_TIME : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

const NO_TIME = 'at no time of a calendar';

/** `2026-11-23` */
export function utcDate(milliseconds: number): string {
  return isoOf(milliseconds)?.slice(0, 10) ?? NO_TIME;
}

/** undefined for a number that is beyond all calendars: clients send any. */
export function isoOf(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
