export { compileMeasures, type Compiled } from './compile-measures.js';
export { Fraction } from './fraction.js';
export { hiddenRows } from './hidden-rows.js';
export { interpolate } from './interpolate.js';
export { conditionColumns, MeasureStatement, type Ask, type Part } from './measure-statement.js';
export { openSplit, OpenSplits, type OpenSplit } from './open-splits.js';
export { heldRows, lackingTexts, type ComparedTexts } from './lacking-texts.js';
export { Measuring, type Measured, type MeasuringOptions } from './measuring.js';
export { momentBefore } from './moment-before.js';
export {
  atMost,
  readSampleSetting,
  settle,
  takenOf,
  toSample,
  type SampleKeys,
  type SampleSetting,
} from './sampling.js';
export { isOwnFault, OWN_FAULT_WAITS_MS, triedInVain } from './own-fault.js';
export { dimensionStatements, type DimensionStatement } from './by-dimension.js';
export { partitionOf, type Partition, type PartitionKeys } from './partition.js';
export { mayHaveTimes, ownValues, type FiniteDialect } from './partition-values.js';
export { refusedPartition } from './refused-partition.js';
export { readColumns, type ReadColumns } from './read-columns.js';
export { shownCell, type ShownCell } from './shown-cell.js';
export { columnsSql, countRowsSql, listRowsSql, probeSql, unsampled } from './row-statements.js';
export { RowsProof } from './rows-proof.js';
