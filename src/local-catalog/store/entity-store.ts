import { randomUUID } from 'node:crypto';
import { rangeBelow } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { textOf } from '../json-value.js';
import type { EntityRow } from './entity-row.js';
import { ENTITY_COLUMNS, nextVersion, toEntityRow } from './entity-row.js';
import type { Sqlite } from './sqlite.js';
import { numberAt, textAt, textOrUndefinedAt } from './sqlite.js';

export type Include = 'non-deleted' | 'deleted' | 'all';

/** What is known about an entity without reading its document. */
export interface EntityStub {
  readonly id: string;
  readonly type: string;
  readonly fqn: string;
  readonly name: string;
  readonly deleted: boolean;
  readonly sourceHash: string | undefined;
}

export interface NewEntity {
  readonly type: string;
  readonly fqn: string;
  readonly parentFqn: string | undefined;
  readonly name: string;
  readonly updatedBy: string;
  readonly sourceHash: string | undefined;
  readonly document: JsonObject;
}

export interface EntityChange {
  readonly document: JsonObject;
  readonly sourceHash: string | undefined;
  readonly updatedBy: string;
}

const STUB_COLUMNS = 'id, type, fqn, name, deleted, source_hash';

/** Reads and writes single entities. Knows nothing of the rules between them. */
export class EntityStore {
  constructor(readonly sqlite: Sqlite) {}

  find(type: string, fqn: string, include: Include = 'non-deleted'): EntityRow | undefined {
    const row = this.sqlite.prepare(`SELECT ${ENTITY_COLUMNS} FROM entities WHERE type = ? AND fqn = ?`).row(type, fqn);
    return row === undefined ? undefined : included(toEntityRow(row), include);
  }

  findById(type: string, id: string, include: Include = 'non-deleted'): EntityRow | undefined {
    const row = this.sqlite.prepare(`SELECT ${ENTITY_COLUMNS} FROM entities WHERE id = ? AND type = ?`).row(id, type);
    return row === undefined ? undefined : included(toEntityRow(row), include);
  }

  stub(type: string, fqn: string): EntityStub | undefined {
    const row = this.sqlite.prepare(`SELECT ${STUB_COLUMNS} FROM entities WHERE type = ? AND fqn = ?`).row(type, fqn);
    return row === undefined ? undefined : toStub(row);
  }

  stubById(type: string, id: string): EntityStub | undefined {
    const row = this.sqlite.prepare(`SELECT ${STUB_COLUMNS} FROM entities WHERE id = ? AND type = ?`).row(id, type);
    return row === undefined ? undefined : toStub(row);
  }

  /** Live or not, of one type, everything below `fqn` in order of FQN. */
  stubsBelow(type: string, fqn: string): EntityStub[] {
    return this.sqlite
      .prepare(`SELECT ${STUB_COLUMNS} FROM entities WHERE type = ? AND fqn > ? AND fqn < ? ORDER BY fqn`)
      .rows(type, ...rangeBelow(fqn))
      .map(toStub);
  }

  hasLiveBelow(types: readonly string[], fqn: string): boolean {
    const statement = this.sqlite.prepare(
      'SELECT 1 FROM entities WHERE type = ? AND fqn > ? AND fqn < ? AND deleted = 0 LIMIT 1'
    );
    return types.some((type) => statement.row(type, ...rangeBelow(fqn)) !== undefined);
  }

  insert(entity: NewEntity, now: number): EntityRow {
    const id = randomUUID();
    this.sqlite
      .prepare(
        `INSERT INTO entities (id, type, fqn, parent_fqn, name, name_key, fqn_key, subtype, version, updated_at, updated_by,
          source_hash, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0.1, ?, ?, ?, ?)`
      )
      .run(
        id,
        entity.type,
        entity.fqn,
        entity.parentFqn ?? null,
        entity.name,
        entity.name.toLowerCase(),
        entity.fqn.toLowerCase(),
        subtypeOf(entity.document),
        now,
        entity.updatedBy,
        entity.sourceHash ?? null,
        JSON.stringify(entity.document)
      );
    const { type, fqn, name, updatedBy, sourceHash, document } = entity;
    return { id, type, fqn, name, deleted: false, version: 0.1, updatedAt: now, updatedBy, sourceHash, document };
  }

  /** Writes a changed document with the next version, and undoes a deletion. */
  update(row: EntityRow, change: EntityChange, now: number): EntityRow {
    const version = nextVersion(row.version);
    const { document, sourceHash, updatedBy } = change;
    this.sqlite
      .prepare(
        `UPDATE entities SET subtype = ?, deleted = 0, version = ?, updated_at = ?, updated_by = ?, source_hash = ?, document = ?
         WHERE id = ?`
      )
      .run(subtypeOf(document), version, now, updatedBy, sourceHash ?? null, JSON.stringify(document), row.id);
    return { ...row, deleted: false, version, updatedAt: now, updatedBy, sourceHash, document };
  }

  /** Changes a document without a new version: for what the server itself notes about an entity. */
  rewrite(id: string, document: JsonObject): void {
    this.sqlite.prepare('UPDATE entities SET document = ? WHERE id = ?').run(JSON.stringify(document), id);
  }

  /** Marks one entity deleted, or undoes that, as a new version. Does nothing if it is so already. */
  mark(id: string, deleted: boolean, updatedBy: string, now: number): void {
    this.sqlite
      .prepare(
        `UPDATE entities SET deleted = ?, version = round(version + 0.1, 1), updated_at = ?, updated_by = ?
         WHERE id = ? AND deleted <> ?`
      )
      .run(deleted ? 1 : 0, now, updatedBy, id, deleted ? 1 : 0);
  }

  /** `mark` for everything of these types below `fqn`. */
  markBelow(types: readonly string[], fqn: string, deleted: boolean, updatedBy: string, now: number): void {
    const statement = this.sqlite.prepare(
      `UPDATE entities SET deleted = ?, version = round(version + 0.1, 1), updated_at = ?, updated_by = ?
       WHERE type = ? AND fqn > ? AND fqn < ? AND deleted <> ?`
    );
    const value = deleted ? 1 : 0;
    for (const type of types) statement.run(value, now, updatedBy, type, ...rangeBelow(fqn), value);
  }

  /** Removes an entity for good, with everything of these types below it; its edges, statuses and uses go too. */
  remove(stub: EntityStub, typesBelow: readonly string[]): void {
    const below = this.sqlite.prepare('DELETE FROM entities WHERE type = ? AND fqn > ? AND fqn < ?');
    for (const type of typesBelow) below.run(type, ...rangeBelow(stub.fqn));
    this.sqlite.prepare('DELETE FROM entities WHERE id = ?').run(stub.id);
  }

  /** Live entities of a type. */
  count(type: string): number {
    const row = this.sqlite.prepare('SELECT count(*) FROM entities WHERE type = ? AND deleted = 0').row(type);
    return row === undefined ? 0 : numberAt(row, 0);
  }
}

function toStub(row: readonly unknown[]): EntityStub {
  return {
    id: textAt(row, 0),
    type: textAt(row, 1),
    fqn: textAt(row, 2),
    name: textAt(row, 3),
    deleted: numberAt(row, 4) !== 0,
    sourceHash: textOrUndefinedAt(row, 5),
  };
}

function included(row: EntityRow, include: Include): EntityRow | undefined {
  if (include === 'all' || row.deleted === (include === 'deleted')) return row;
  return undefined;
}

/** A table's type has its own column: views are looked up by it. */
function subtypeOf(document: JsonObject): string | null {
  return textOf(document['tableType']) ?? null;
}
