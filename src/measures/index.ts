export { compileMeasures, type Compiled } from './compile-measures.js';
export { Fraction } from './fraction.js';
export { interpolate } from './interpolate.js';
export { conditionColumns, MeasureStatement, type Ask, type Part } from './measure-statement.js';
export { Measuring, type Measured, type MeasuringOptions } from './measuring.js';
export { atMost, readSampleSetting, settle, toSample, type SampleSetting } from './sampling.js';
export { isOwnFault, OWN_FAULT_WAITS_MS, triedInVain } from './own-fault.js';
export { dimensionStatements, type DimensionStatement } from './by-dimension.js';
export { columnsSql, countRowsSql, listRowsSql, probeSql, unsampled } from './row-statements.js';
