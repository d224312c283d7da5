import { ParserPool } from '../../../src/sql/index.js';
import type { StagingStore } from '../../../src/staging/index.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';
import { edgesCatalog, type EdgesCatalog } from './catalog.js';
import { LineageRun, type RunSettings } from './lineage-run.js';

/** What runs of lineage need: a staging store, a parser of one thread, and a catalog. */
export class EdgesLab {
  #runs = 0;

  private constructor(
    private readonly temporary: TemporaryStore,
    readonly pool: ParserPool,
    private catalog: EdgesCatalog
  ) {}

  static async open(): Promise<EdgesLab> {
    return new EdgesLab(await temporaryStore(), new ParserPool({ threads: 1 }), await edgesCatalog());
  }

  get store(): StagingStore {
    return this.temporary.store;
  }

  get om(): EdgesCatalog {
    return this.catalog;
  }

  /** An empty catalog in place of the one there is. */
  async renewCatalog(): Promise<void> {
    await this.catalog.close();
    this.catalog = await edgesCatalog();
  }

  /** A run with a name of its own. */
  lineage(settings: RunSettings = {}): LineageRun {
    this.#runs += 1;
    return new LineageRun(this.store, this.om.client, this.pool, settings, `run${this.#runs}`);
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.catalog.close();
    await this.temporary.remove();
  }
}
