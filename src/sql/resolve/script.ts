import {
  type ColumnJoin,
  type ColumnPair,
  type LineageTable,
  type QueryLineage,
  type StatementKind,
  type TableEdge,
} from '../query-lineage.js';
import type { ColumnEdge, ColumnSource, JoinPair } from './outputs.js';
import type { TableRef } from './table-ref.js';
import { endToEnd } from './column-graph.js';
import { StepColumns } from './step-columns.js';
import { pairs } from './shown-columns.js';
import { shown, shownOwn } from './shown-tables.js';
import { CREATIONS, flat, STORED } from './statement-kinds.js';
import type { StatementLineage } from './statement-lineage.js';

export interface ScriptLineage {
  readonly sources: readonly LineageTable[];
  readonly targets: readonly LineageTable[];
  readonly intermediate: readonly LineageTable[];
  readonly columns: readonly ColumnPair[];
  readonly edges: readonly TableEdge[];
  readonly renames: QueryLineage['renames'];
  readonly changed: readonly LineageTable[];
  readonly joins: readonly ColumnJoin[];
  readonly kind: StatementKind;
}

/** Tables of a script as they are after each statement; renames rename what was seen before. */
export class Script {
  readonly #names = new Map<string, TableRef>();
  /** Key → keys of the tables it feeds. */
  readonly #feeds = new Map<string, Set<string>>();
  readonly #readOnly = new Set<string>();
  readonly #writtenOnly = new Set<string>();
  /** Read for more than the rows that a DELETE takes. */
  readonly #used = new Set<string>();
  readonly #loops = new Set<string>();
  readonly #giving = new Set<string>();
  readonly #temporary = new Set<string>();
  readonly #made = new Set<string>();
  /** Read before a temporary table was made under the same name, if ever. */
  readonly #before = new Set<string>();
  /** Key of a renamed table → its first key. */
  readonly #former = new Map<string, string>();
  #retired = 0;
  edges: { from: string; to: string; columns: ColumnEdge[] }[] = [];
  columns: ColumnEdge[] = [];
  readonly joins: JoinPair[] = [];
  /** Of `columns`; absent after these were changed. */
  #steps: StepColumns | undefined;
  readonly #renames: { from: LineageTable; to: LineageTable }[] = [];
  kind: StatementKind = 'other';

  add(statement: StatementLineage): void {
    if (statement.body !== undefined) {
      this.#addBody(statement.body);
      // SQL is only stored if everything it does is in bodies that are stored.
      if (!STORED.has(statement.kind) || this.#doesNothing()) this.kind = statement.kind;
      return;
    }
    this.#noteJoins(statement);
    if (statement.swaps !== undefined && this.#swap(statement.swaps.left, statement.swaps.right)) return;
    if (statement.kind === 'create-table') for (const table of statement.writes) this.#retire(table.key);
    if (statement.writes.length > 0 || (this.#doesNothing() && statement.kind !== 'other')) this.kind = statement.kind;
    this.#link(statement.reads, statement.writes);
    this.#edges(statement);
    this.#noteTables(statement);
    for (const { from, to } of statement.renames ?? []) {
      this.#renames.push({ from: shown(from), to: shown(to) });
      this.#rename(from, to);
    }
    for (const table of statement.drops ?? []) this.#drop(table.key);
    for (const table of statement.empties ?? []) this.#empty(table);
  }

  #noteTables({ kind, reads, writes, onlyLose, gives = [] }: StatementLineage): void {
    for (const { key } of gives) this.#giving.add(key);
    for (const { key } of reads) if (onlyLose?.has(key) !== true) this.#used.add(key);
    if (CREATIONS.has(kind)) for (const { key } of writes) this.#made.add(key);
    for (const { key } of reads) if (!this.#temporary.has(key)) this.#before.add(key);
    for (const { key, temporary } of writes) if (temporary === true) this.#temporary.add(key);
  }

  #doesNothing(): boolean {
    return this.kind === 'other' || STORED.has(this.kind);
  }

  /** A body is one statement that reads and writes everything in it; only its temporary tables are steps on the way. */
  #addBody(body: readonly StatementLineage[]): void {
    const statements = flat(body);
    const temporary = new Set(
      statements.flatMap((inner) => inner.writes.filter((table) => table.temporary === true).map((table) => table.key))
    );
    const reads = statements.flatMap((inner) => inner.reads).filter((table) => !temporary.has(table.key));
    const writes = statements.flatMap((inner) => inner.writes).filter((table) => !temporary.has(table.key));
    this.#link(reads, writes);
    for (const inner of statements) {
      this.#noteJoins(inner);
      if (inner.kind === 'create-table') for (const table of inner.writes) this.#retire(table.key);
      for (const table of [...inner.reads, ...inner.writes]) this.#name(table);
      this.#edges(inner);
      this.#noteTables(inner);
      for (const table of inner.empties ?? []) this.#empty(table);
      for (const { from, to } of inner.renames ?? []) this.#rename(from, to);
    }
  }

  /** A join with a temporary table is one with the columns that this was filled from. */
  #noteJoins({ joins }: StatementLineage): void {
    const isStep = (key: string): boolean => this.#temporary.has(key);
    const origins = (sources: readonly ColumnSource[]): readonly ColumnSource[] => {
      if (!sources.some(({ table }) => table !== undefined && isStep(table.key))) return sources;
      if (this.#steps === undefined) {
        this.#steps = new StepColumns();
        this.#steps.add(this.columns);
      }
      const steps = this.#steps;
      return sources.flatMap((source) => steps.origins(source, isStep));
    };
    for (const { left, right } of joins) this.joins.push({ left: origins(left), right: origins(right) });
  }

  #name(table: TableRef): string {
    const known = this.#names.get(table.key);
    if (known === undefined) this.#names.set(table.key, table);
    // written with its schema here, and without it there
    else if (known.otherwise === undefined && table.otherwise !== undefined)
      this.#names.set(table.key, { ...known, otherwise: table.otherwise });
    return table.key;
  }

  #link(reads: readonly TableRef[], writes: readonly TableRef[]): void {
    const from = reads.map((table) => this.#name(table));
    const to = writes.map((table) => this.#name(table));
    if (to.length === 0) for (const key of from) this.#readOnly.add(key);
    if (from.length === 0) for (const key of to) this.#writtenOnly.add(key);
    for (const source of from) {
      const fed = this.#feeds.get(source) ?? new Set<string>();
      for (const target of to) {
        if (source === target) this.#loops.add(source);
        fed.add(target);
      }
      if (fed.size > 0) this.#feeds.set(source, fed);
    }
  }

  #edges(statement: StatementLineage): void {
    this.columns.push(...statement.columns);
    this.#steps?.add(statement.columns);
    const read = new Set(statement.reads.map(({ key }) => key));
    // Values of a row that OUTPUT shows come from its table, though that is changed and not read.
    const shownOnly = new Set(
      statement.columns.flatMap(({ from: { table } }) => {
        return table?.kind === 'table' && !read.has(table.key) ? [this.#name(table)] : [];
      })
    );
    for (const to of statement.writes) {
      for (const from of [...read, ...shownOnly]) {
        const columns = statement.columns.filter(
          (edge) => edge.from.table?.key === from && edge.to.table?.key === to.key
        );
        if (columns.length > 0 || read.has(from)) this.edges.push({ from, to: to.key, columns });
      }
    }
  }

  #rename(from: TableRef, to: TableRef): void {
    if (!this.#names.delete(from.key)) return;
    this.#former.set(to.key, this.#former.get(from.key) ?? from.key);
    this.#former.delete(from.key);
    this.#names.set(to.key, to);
    for (const set of [
      this.#readOnly,
      this.#writtenOnly,
      this.#used,
      this.#loops,
      this.#giving,
      this.#temporary,
      this.#made,
      this.#before,
      ...this.#feeds.values(),
    ]) {
      if (set.delete(from.key)) set.add(to.key);
    }
    const fed = this.#feeds.get(from.key);
    if (fed !== undefined) {
      this.#feeds.delete(from.key);
      this.#feeds.set(to.key, fed);
    }
    const moved = (source: ColumnSource): ColumnSource =>
      source.table?.key === from.key ? { ...source, table: to } : source;
    const movedEdge = (edge: ColumnEdge): ColumnEdge => ({ from: moved(edge.from), to: moved(edge.to) });
    this.columns = this.columns.map(movedEdge);
    this.#steps = undefined;
    const key = (old: string): string => (old === from.key ? to.key : old);
    this.edges = this.edges.map((edge) => ({
      from: key(edge.from),
      to: key(edge.to),
      columns: edge.columns.map(movedEdge),
    }));
  }

  /**
   * Two tables change places. False when this SQL wrote neither of them: then contents move, as in a separate
   * statement.
   */
  #swap(left: TableRef, right: TableRef): boolean {
    if (!this.#isWritten(left.key) && !this.#isWritten(right.key)) return false;
    const between: TableRef = { ...left, key: `${left.key}\u0000swap` };
    this.#rename(left, between);
    this.#rename(right, left);
    this.#rename(between, right);
    return true;
  }

  #isWritten(key: string): boolean {
    return this.#writtenOnly.has(key) || [...this.#feeds.values()].some((fed) => fed.has(key));
  }

  /** A temporary table that is created again: its earlier contents must not be taken for the new ones. */
  #retire(key: string): void {
    const table = this.#names.get(key);
    if (table === undefined || !this.#temporary.has(key)) return;
    this.#retired += 1;
    const suffix = `#${this.#retired}`;
    const parts = [...table.parts.slice(0, -1), `${table.parts.at(-1) ?? ''}${suffix}`];
    this.#rename(table, { ...table, key: `${key}${suffix}`, name: `${table.name}${suffix}`, parts });
  }

  /** What goes into a temporary table from here on is not what it held before. */
  #empty(table: TableRef): void {
    if (!this.#temporary.has(table.key)) return;
    this.#retire(table.key);
    this.#temporary.add(table.key);
  }

  /**
   * A table that nothing flows through leaves no trace when it is dropped, nor does what a table was before another one
   * took its name: `CREATE TABLE n LIKE t; …; RENAME TABLE t TO o, n TO t; DROP TABLE o`.
   */
  #drop(key: string): void {
    const former = this.#former.get(key);
    if (former !== undefined && former !== key && this.#names.has(former)) this.#unlink(key, former);
    const isFed = [...this.#feeds.values()].some((fed) => fed.has(key));
    if (!isFed && !this.#feeds.has(key)) for (const set of [this.#readOnly, this.#writtenOnly]) set.delete(key);
  }

  #unlink(from: string, to: string): void {
    const fed = this.#feeds.get(from);
    fed?.delete(to);
    if (fed?.size === 0) this.#feeds.delete(from);
    this.edges = this.edges.filter((edge) => edge.from !== from || edge.to !== to);
    this.columns = this.columns.filter((edge) => edge.from.table?.key !== from || edge.to.table?.key !== to);
    this.#steps = undefined;
  }

  result(): Omit<ScriptLineage, 'changed' | 'joins'> {
    const fed = new Set([...this.#feeds.values()].flatMap((targets) => [...targets]));
    const sources: LineageTable[] = [];
    const targets: LineageTable[] = [];
    const intermediate: LineageTable[] = [];
    for (const [key, table] of this.#names) {
      const feeds = this.#feeds.has(key);
      const isLoop = this.#loops.has(key);
      // A temporary table that feeds another, or that only a query reads, is gone at the end: never an end of the
      // lineage.
      const isStep = this.#temporary.has(key) && (feeds || this.#readOnly.has(key));
      const isSource = !isStep && ((feeds && !fed.has(key)) || this.#readOnly.has(key) || isLoop);
      const isTarget = !isStep && ((fed.has(key) && !feeds) || this.#writtenOnly.has(key) || isLoop);
      const isTemporary = this.#temporary.has(key);
      // A temporary table hides the one that it was made from.
      if (isTemporary && this.#before.has(key) && table.temporary !== true) {
        sources.push(shown(table));
        continue;
      }
      const told = isTemporary ? shownOwn(table) : shown(table);
      if (isSource) sources.push(this.#used.has(key) ? told : { ...told, onlyLoses: true });
      if (isTarget) targets.push(this.#giving.has(key) ? { ...told, gives: true } : told);
      const isPassed = isTemporary && !isSource && !isTarget;
      if (isPassed || (fed.has(key) && feeds && !isLoop))
        intermediate.push(this.#made.has(key) ? { ...told, made: true } : told);
    }
    const name = (key: string): string => this.#names.get(key)?.name ?? key;
    const edges = this.edges.map((edge) => ({
      from: name(edge.from),
      to: name(edge.to),
      columns: pairs(edge.columns),
    }));
    const columns = pairs(endToEnd(this.columns));
    return { sources, targets, intermediate, columns, edges, renames: this.#renames, kind: this.kind };
  }
}
