import { parentOf } from '../fqn.js';
import type { EntityRow } from '../store/entity-row.js';
import { JoinStore, type JoinRow } from '../store/join-store.js';
import type { Sqlite } from '../store/sqlite.js';
import { UsageStore, type UsageRow } from '../store/usage-store.js';
import { html, type Html, type HtmlPart } from './html.js';
import { counted, entityLink, heading, utcDate } from './page-parts.js';

const DAYS = 30;
const MOST_JOINS = 10;
const DAY_MS = 24 * 3_600_000;
/** Of the picture, in its own units: a day is a bar and a gap. */
const BAR = 16;
const STEP = 20;
const HEIGHT = 90;
const LEAST_BAR = 2;
const JOIN_WIDTH = 120;

/**
 * How often an entity was used on each of the last 30 days, and for a table, with which columns of other tables its own
 * are joined.
 */
export function usagePictures(sqlite: Sqlite, row: EntityRow, now = Date.now()): HtmlPart {
  const dates = Array.from({ length: DAYS }, (_, index) => utcDate(now - (DAYS - 1 - index) * DAY_MS));
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const rows = new UsageStore(sqlite).list(row.id, first, last);
  const joins = row.type === 'table' ? new JoinStore(sqlite).of(row.id, first) : [];
  return [rows.length > 0 && usageBars(dates, rows), joins.length > 0 && joinList(joins)];
}

function usageBars(dates: readonly string[], rows: readonly UsageRow[]): Html {
  const byDate = new Map(rows.map((row) => [row.date, row]));
  const most = Math.max(...rows.map(({ daily }) => daily), 1);
  const total = rows.reduce((sum, { daily }) => sum + daily, 0);
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const bars = dates.map((date, index) => {
    const daily = byDate.get(date)?.daily ?? 0;
    const height = daily === 0 ? 0 : Math.max(LEAST_BAR, Math.round((HEIGHT * daily) / most));
    return html`<rect class="use" x="${index * STEP}" y="${HEIGHT - height}" width="${BAR}" height="${height}" rx="2">
      <title>${date}: ${counted(daily)}</title>
    </rect>`;
  });
  const newest = rows[0];
  const rank =
    newest !== undefined &&
    html`<span
        >${newest.date}: ${counted(newest.daily)}, week ${counted(newest.weekly)}, month
        ${counted(newest.monthly)}</span
      ><span>more than ${Math.round(newest.ranks[0])} % of those used that day</span>`;
  return html`${heading('Usage', total)}
    <figure class="picture">
      <svg
        viewBox="0 0 ${DAYS * STEP} ${HEIGHT + 22}"
        role="img"
        aria-label="Uses a day from ${first} to ${last}, ${most} at most"
      >
        <line class="ground" x1="0" y1="${HEIGHT}" x2="${DAYS * STEP}" y2="${HEIGHT}" />
        ${bars}
        <text x="0" y="${HEIGHT + 16}">${first}</text>
        <text x="${DAYS * STEP - 4}" y="${HEIGHT + 16}" text-anchor="end">${last}</text>
      </svg>
    </figure>
    <p class="facts">${rank}</p>`;
}

function joinList(joins: readonly JoinRow[]): Html {
  const most = Math.max(...joins.map(({ count }) => count), 1);
  const lines = joins.slice(0, MOST_JOINS).map(({ ownFqn, otherFqn, count }) => {
    const other = parentOf(otherFqn) ?? otherFqn;
    const width = Math.max(LEAST_BAR, Math.round((JOIN_WIDTH * count) / most));
    return html`<tr>
      <td class="name"><bdi>${lastPart(ownFqn)}</bdi></td>
      <td class="name">${entityLink({ type: 'table', fqn: other }, otherFqn)}</td>
      <td class="number">${counted(count)}</td>
      <td>
        <svg class="share" viewBox="0 0 ${JOIN_WIDTH} 10" aria-hidden="true">
          <rect class="use" x="0" y="0" width="${width}" height="10" rx="2" />
        </svg>
      </td>
    </tr>`;
  });
  const more = joins.length > MOST_JOINS && html`<p class="none">Only the first ${MOST_JOINS} are shown.</p>`;
  return html`${heading('Frequent joins', joins.length)}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Column</th>
            <th>Joined with</th>
            <th class="number">Queries</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>
    ${more}`;
}

function lastPart(fqn: string): string {
  return fqn.slice((parentOf(fqn) ?? '').length + 1);
}
