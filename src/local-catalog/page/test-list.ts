import { parseExactJson } from '../../openmetadata/index.js';
import { sampleDataBody } from '../bodies/profile-bodies.js';
import { numberOf, objectOf, textOf, type JsonObject } from '../json-value.js';
import { listEntities } from '../store/entity-listing.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore } from '../store/entity-store.js';
import { TestStore } from '../store/test-store.js';
import { html, type Html } from './html.js';
import { heading, utcTime } from './page-parts.js';
import { countWords } from '../../contract/count-words.js';

const MAX_CASES = 200;
/** Results of a case, newest first. */
const MAX_RESULTS = 12;
const MAX_ROWS = 10;

const MARKS: ReadonlyMap<string, string> = new Map([
  ['Success', 'link'],
  ['Failed', 'gone'],
  ['Aborted', 'key'],
]);

/** The tests of a table, each with its results over time and the rows that last failed it. */
export function testList(store: EntityStore, table: EntityRow): Html | undefined {
  const filter = { type: 'testCase', include: 'non-deleted', parentFqn: table.fqn } as const;
  const page = listEntities(store.sqlite, filter, MAX_CASES);
  if (page.total === 0) return undefined;
  const tests = new TestStore(store.sqlite);
  return html`${heading('Tests', page.total)}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Test</th>
            <th>Last result</th>
            <th>Results, newest first</th>
          </tr>
        </thead>
        <tbody>
          ${page.rows.map((row) => testLine(tests, row))}
        </tbody>
      </table>
    </div>
    ${page.after !== undefined && html`<p class="none">Only the first ${MAX_CASES} are shown.</p>`}`;
}

function testLine(tests: TestStore, row: EntityRow): Html {
  const results = tests.results(row.id, 0, Number.MAX_SAFE_INTEGER, MAX_RESULTS);
  const sample = tests.failedRows(row.id);
  return html`<tr>
    <td class="name">
      <bdi>${row.name}</bdi><br /><span class="none"
        >${textOf(objectOf(row.document['testDefinition'])?.['name']) ?? ''}</span
      >
    </td>
    <td dir="auto">${textOf(results[0]?.['result']) ?? 'never ran'} ${sample !== undefined && failedRows(sample)}</td>
    <td>${results.map(resultBadge)}</td>
  </tr>`;
}

function resultBadge(result: JsonObject): Html {
  const status = textOf(result['testCaseStatus']) ?? '';
  const time = utcTime(numberOf(result['timestamp']) ?? 0);
  return html`<span class="badge ${MARKS.get(status) ?? ''}" title="${textOf(result['result']) ?? ''}"
    >${status} ${time}</span
  > `;
}

function failedRows(sample: string): Html {
  const { columns, rows } = sampleDataBody.parse(parseExactJson(sample, 'decimals'));
  return html`<details>
    <summary>${countWords(rows.length, 'failed row', 'failed rows')}</summary>
    <pre dir="ltr">
${[columns, ...rows.slice(0, MAX_ROWS).map((row) => row.map(String))].map((cells) => cells.join('  ')).join('\n')}</pre>
  </details>`;
}
