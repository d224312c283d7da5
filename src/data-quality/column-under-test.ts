/** A column of the table under test, as OpenMetadata has it. */
export interface ColumnUnderTest {
  /** The source's own name. */
  readonly name: string;
  readonly dataType: string;
  /** The source's own words for a TIMESTAMP (`timestamp(3) with time zone`) or a TEXT. */
  readonly display?: string | undefined;
  readonly constraint?: string | undefined;
  /** FQNs of its tags. */
  readonly tags: readonly string[];
}
