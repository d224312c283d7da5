import type { ColumnDataType } from '../openmetadata/index.js';

/** A column as the catalog has it: its name in the source, and OpenMetadata's type. */
export interface MeasuredColumn {
  readonly name: string;
  readonly dataType: ColumnDataType;
}
