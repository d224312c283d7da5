import type { MetadataOptions, NameRange, SchemaRef, Selection } from '../../source.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import type { Session } from '../session/session.js';
import type { UrlPlace } from './source-url.js';
import type { TagReader } from './tags.js';

export interface TableReadInput {
  readonly session: Session;
  readonly config: SnowflakeConnectionConfig;
  readonly schema: SchemaRef;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly names: NameRange;
  readonly sourceUrl: (place: UrlPlace) => string | undefined;
  readonly tags: TagReader | undefined;
}
