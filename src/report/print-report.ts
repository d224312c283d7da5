import Table from 'cli-table3';
import { hangingText, harmlessLine } from '../errors/index.js';
import { causesOf, type Cause } from './causes.js';
import type { RunReport, StepReport } from '../contract/run-report.js';
import { countWords } from '../contract/count-words.js';

/** Rows of the failure table; the report holds up to 100. */
const PRINTED_FAILURES = 10;
const PRINTED_CAUSES = 10;
const ENDED_BY = 'Ended by: ';

/**
 * The report as the CLI prints it: a table of steps, the first failures, notes, one closing line. Plain text without
 * colours.
 */
export function printReport(report: RunReport): string {
  const parts = [stepTable(report)];
  const failures = report.steps.flatMap((step) => step.failures.map((failure) => ({ from: step.name, ...failure })));
  if (failures.length > 0) {
    const total = report.steps.reduce((sum, step) => sum + step.errors, 0);
    const head = total > PRINTED_FAILURES ? `The first ${PRINTED_FAILURES} of ${total} failures:` : 'Failures:';
    const table = new Table({
      head: ['From', 'Entity', 'Message'],
      colWidths: [16, 40, 60],
      wordWrap: true,
      style: plain,
    });
    for (const failure of failures.slice(0, PRINTED_FAILURES))
      table.push([failure.from, failure.entity, failure.error].map(harmlessLine));
    parts.push(`${head}\n${table.toString()}`);
    const causes = causesOf(failures);
    if (failures.length > PRINTED_FAILURES)
      parts.push(
        `By cause${failures.length < total ? `, of the ${failures.length} that are kept` : ''}:\n${causeLines(causes)}`
      );
  }
  if (report.tests !== undefined) {
    const { success, failed, aborted } = report.tests;
    parts.push(`Tests: ${success} passed, ${failed} failed, ${aborted} aborted`);
  }
  if (report.notes.length > 0)
    parts.push(`Notes:\n${report.notes.map((note) => `  - ${harmlessLine(note)}`).join('\n')}`);
  if (report.error !== undefined) parts.push(`${ENDED_BY}${hangingText(report.error, ENDED_BY.length)}`);
  const seconds = ((report.finishedAt - report.startedAt) / 1000).toFixed(1);
  // what an error ended did not get to what it would have counted
  const success = report.error === undefined ? `, ${report.successPercent} % success` : '';
  parts.push(`${report.workflow} of ${harmlessLine(report.service)}: ${report.state}${success}, ${seconds} s`);
  return parts.join('\n\n');
}

function causeLines(causes: readonly Cause[]): string {
  const shown = causes.slice(0, PRINTED_CAUSES).map(({ error, count }) => `  - ${count} × ${harmlessLine(error)}`);
  const more = causes.length - shown.length;
  return [...shown, ...(more > 0 ? [`  - and ${countWords(more, 'more cause', 'more causes')}`] : [])].join('\n');
}

const plain = { head: [], border: [] };

/** An error ended the run before the step did anything: its success would be none. */
function isIdle({ records, updated, unchanged, errors }: StepReport): boolean {
  return records + updated + unchanged + errors === 0;
}

function stepTable({ steps, error }: RunReport): string {
  const table = new Table({
    head: [
      'Step',
      'Records',
      'Unchanged',
      'Updated',
      'Deleted',
      'Filtered',
      'Warnings',
      'Errors',
      'Success %',
      'Calls',
      'Seconds',
    ],
    style: plain,
    colAligns: ['left', ...Array<'right'>(10).fill('right')],
  });
  for (const step of steps) {
    table.push([
      step.name,
      step.records,
      step.unchanged,
      step.updated,
      step.deleted,
      step.filtered,
      step.warnings,
      step.errors,
      error !== undefined && isIdle(step) ? '' : step.successPercent,
      step.statements + step.requests,
      ((step.sourceMs + step.sinkMs) / 1000).toFixed(1),
    ]);
  }
  return table.toString();
}
