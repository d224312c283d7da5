import { html, PAGE_STYLE, type Html } from '../../local-catalog/index.js';
import type { RunReport, StepReport } from '../../report/index.js';
import { failureCauses } from './failure-causes.js';
import type { RunAccount } from './run-account.js';
import { COMPARED, stepChanges } from './step-changes.js';
import { timelinePicture } from './timeline-picture.js';

const NAMED = 20;
/** On top of the pages' own style. */
const STYLE = `
.picture svg { max-width: none; }
rect.completed { fill: var(--accent); } rect.repeated { fill: #c9961a; } rect.ended { fill: #c2402f; } rect.queued { fill: var(--line); }
.state { font-weight: 650; } .state.success { color: var(--accent); } .state.partialSuccess, .state.stopped { color: var(--warn); }
.state.failed { color: #c2402f; }
.key { margin: 0.4rem 0 0; color: var(--soft); font-size: 0.82rem; }
.key i { display: inline-block; width: 0.7rem; height: 0.7rem; margin: 0 0.3rem 0 0.9rem; vertical-align: -0.05em; border-radius: 2px; }
`;

/** One page about a run, complete in itself: style and pictures are inside, nothing is fetched. */
export function accountPage(account: RunAccount): string {
  const { description, report, stages } = account;
  const title = `${report.workflow} of ${report.service}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: ${report.state}</title>
        <style>
          ${raw(PAGE_STYLE + STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="facts">
            <span class="${`state ${report.state}`}">${report.state}</span
            ><span>${report.successPercent} % success</span><span>${seconds(report.finishedAt - report.startedAt)}</span
            ><span>${time(report.startedAt)} to ${time(report.finishedAt)}</span>
          </p>
          <p class="facts">
            <span>${description.workflowId}</span><span>run ${report.pipelineRunId}</span>${
              report.ingestionPipelineFQN !== undefined && html`<span>${report.ingestionPipelineFQN}</span>`
            }
          </p>
          ${report.error !== undefined && html`<p class="description">Ended by: ${report.error}</p>`}
          <h2>Steps</h2>
          ${stepTable(report.steps)}
          <h2>Stages on the time line</h2>
          ${
            stages.length === 0
              ? html`<p class="none">Temporal keeps no activities of it.</p>`
              : timelinePicture(stages, report.startedAt, report.finishedAt)
          }
          ${causesPart(report)} ${changesPart(account)} ${notesPart(report)}
        </main>
      </body>
    </html> `.text;
}

const raw = (text: string): Html => html([text] as unknown as TemplateStringsArray);

function stepTable(steps: readonly StepReport[]): Html {
  const counts = COMPARED.filter((count) => steps.some((step) => step[count] !== 0));
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>step</th>
          ${counts.map((count) => html`<th class="number">${count}</th>`)}
          <th class="number">at the source</th>
          <th class="number">at OpenMetadata</th>
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          (step) =>
            html`<tr>
              <td>${step.name}</td>
              ${counts.map((count) => html`<td class="number">${step[count].toLocaleString('en')}</td>`)}
              <td class="number">${step.statements === 0 ? '' : seconds(step.sourceMs)}</td>
              <td class="number">${step.requests === 0 ? '' : seconds(step.sinkMs)}</td>
            </tr>`
        )}
      </tbody>
    </table>
  </div>`;
}

function causesPart(report: RunReport): Html {
  const causes = failureCauses(report);
  const total = report.steps.reduce((sum, { errors }) => sum + errors, 0);
  if (causes.length === 0)
    return html`<h2>Failures</h2>
      <p class="none">None.</p>`;
  return html`<h2>Failures by cause <span class="count">${total} in all</span></h2>
    <ul class="edges">
      ${causes.map(
        ({ step, example, count, entities }) =>
          html`<li>
            <span class="badge gone">${count} ×</span> <span class="badge">${step}</span> ${example}
            ${entities.length > 0 && entitiesPart(entities)}
          </li>`
      )}
    </ul>`;
}

function entitiesPart(entities: readonly string[]): Html {
  return html`<details ${entities.length === 1 && html`open`}>
    <summary>${entities.length === 1 ? 'entity' : 'entities'}</summary>
    <ul class="flows">
      ${entities.slice(0, NAMED).map((entity) => html`<li>${entity}</li>`)}
      ${entities.length > NAMED && html`<li>and ${entities.length - NAMED} more</li>`}
    </ul>
  </details>`;
}

function changesPart({ before, report }: RunAccount): Html {
  if (before === undefined)
    return html`<h2>Since the run before</h2>
      <p class="none">Temporal keeps no earlier run.</p>`;
  const changes = stepChanges(before, report);
  return html`<h2>Since the run before <span class="count">ended ${time(before.finishedAt)}, ${before.state}</span></h2>
    ${
      changes.length === 0
        ? html`<p class="none">All counts are the same.</p>`
        : html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>step</th>
                  <th>count</th>
                  <th class="number">before</th>
                  <th class="number">now</th>
                </tr>
              </thead>
              <tbody>
                ${changes.map(
                  (change) =>
                    html`<tr>
                      <td>${change.step}</td>
                      <td>${change.count}</td>
                      <td class="number">${change.before.toLocaleString('en')}</td>
                      <td class="number">${change.now.toLocaleString('en')}</td>
                    </tr>`
                )}
              </tbody>
            </table>
          </div>`
    }`;
}

function notesPart({ notes }: RunReport): Html | undefined {
  if (notes.length === 0) return undefined;
  return html`<h2>Notes</h2>
    <ul class="edges">
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function time(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
}
