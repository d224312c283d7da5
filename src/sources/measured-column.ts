import type { ColumnDataType } from '../openmetadata/index.js';

/** A column as the catalog has it: its name in the source, and OpenMetadata's type. */
export interface MeasuredColumn {
  readonly name: string;
  readonly dataType: ColumnDataType;
  /** The source's own words for a TIMESTAMP (`timestamp(3) with time zone`) or a TEXT. */
  readonly display?: string;
  /** Its character set lacks characters of the pattern that it is compared with. */
  readonly isNarrow?: true;
}
