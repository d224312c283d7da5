import { JOURNAL, tableJournal, type JournalLine } from '../contract/journal.js';
import { splitFqn } from '../openmetadata/index.js';
import type { RecipeOf } from '../recipe/index.js';
import type { SliceAddress, StagingStore, StateAddress } from '../staging/index.js';
import { publishedResult, resultLine } from './staged-lines.js';

/** Where the results of one unit are staged, and what became of them. */
export interface QualityUnit {
  readonly results: SliceAddress;
  readonly published: SliceAddress;
}

export interface QualityJournalInput {
  readonly store: StagingStore;
  readonly units: readonly QualityUnit[];
}

/**
 * Where the results of one table's tests outlive a run: with the table's own service, whatever the recipe or suite is
 * called, so that they are found by the table's name.
 * @param table its FQN
 */
export function tableJournalAddress(table: string): StateAddress {
  return { service: splitFqn(table)[0] ?? '', kind: 'data-quality', name: tableJournal(table) };
}

/**
 * Where all results of a recipe's runs are: those of a logical suite, whose tests may be about any tables, under its
 * own name.
 */
export function suiteJournalAddress({
  serviceName,
  sourceConfig,
}: Pick<RecipeOf<'data-quality'>['source'], 'serviceName' | 'sourceConfig'>): StateAddress {
  const table = sourceConfig.config.entityFullyQualifiedName;
  return table === undefined
    ? { service: serviceName, kind: 'data-quality', name: JOURNAL }
    : tableJournalAddress(table);
}

/** The units of each table with results, in their order. */
export async function unitsByTable({ store, units }: QualityJournalInput): Promise<Map<string, QualityUnit[]>> {
  const tables = new Map<string, QualityUnit[]>();
  for (const unit of units) {
    for await (const value of values(store, unit.results)) {
      const table = resultLine.parse(value).test?.table;
      if (table !== undefined) tables.set(table, [...(tables.get(table) ?? []), unit]);
      break; // a unit belongs to one table
    }
  }
  return tables;
}

/**
 * The results of a run, test by test, with the SQL that gave each; includes runs that ended early and results that the
 * catalog refused.
 */
export async function* qualityJournal({ store, units }: QualityJournalInput): AsyncGenerator<JournalLine> {
  for (const { results, published } of units) {
    const sent = new Map<string, string | undefined>();
    for await (const value of values(store, published)) {
      const { caseFqn, refused } = publishedResult.parse(value);
      sent.set(caseFqn, refused);
    }
    for await (const value of values(store, results)) {
      const { caseFqn: fqn, result, test, sql } = resultLine.parse(value);
      const { testCaseStatus: status, result: text } = result;
      const refused = sent.get(fqn);
      yield {
        fqn,
        outcome: !sent.has(fqn) ? 'read' : refused === undefined ? 'written' : 'refused',
        reason: [`${status}: ${text}`, ...(refused === undefined ? [] : [refused])].join(' '),
        ...(sql === undefined ? {} : { sql }),
        ...(test === undefined ? {} : { test: { ...test, status, text } }),
      };
    }
  }
}

async function* values(store: StagingStore, slice: SliceAddress): AsyncGenerator<unknown> {
  for (const entry of await store.manifest(slice)) yield* await store.read(entry);
}
