import { numberOf, textOf } from '../json-value.js';
import { listEntities } from '../store/entity-listing.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore } from '../store/entity-store.js';
import { PipelineStatusStore } from '../store/pipeline-status-store.js';
import { html, type Html } from './html.js';
import { heading, utcTime } from './page-parts.js';

const MAX_PIPELINES = 50;

/** A service's ingestion pipelines, each with its last run and what that is doing. */
export function pipelineList(store: EntityStore, service: EntityRow): Html | undefined {
  const filter = { type: 'ingestionPipeline', include: 'non-deleted', parentFqn: service.fqn } as const;
  const page = listEntities(store.sqlite, filter, MAX_PIPELINES);
  if (page.total === 0) return undefined;
  const statuses = new PipelineStatusStore(store.sqlite);
  return html`${heading('Ingestion pipelines', page.total)}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Kind</th>
            <th>Last run</th>
            <th>Started</th>
            <th>Progress</th>
          </tr>
        </thead>
        <tbody>
          ${page.rows.map((row) => pipelineLine(statuses, row))}
        </tbody>
      </table>
    </div>`;
}

function pipelineLine(statuses: PipelineStatusStore, row: EntityRow): Html {
  const last = statuses.newest(row.id);
  const started = numberOf(last?.['startDate']) ?? numberOf(last?.['timestamp']);
  const progress = statuses.progress(row.id);
  return html`<tr>
    <td class="name"><bdi>${row.name}</bdi></td>
    <td>${textOf(row.document['pipelineType']) ?? ''}</td>
    <td>${textOf(last?.['pipelineState']) ?? 'never ran'}</td>
    <td>${started !== undefined && utcTime(started)}</td>
    <td>${textOf(progress?.['updateType'])} <bdi>${textOf(progress?.['currentEntity'])}</bdi></td>
  </tr>`;
}
