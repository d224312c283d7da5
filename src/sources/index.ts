export { TEST_STEPS } from './common/connection-test-steps.js';
export { defineSource, type ConnectionModel, type Source } from './define-source.js';
export * from './measured-column.js';
export * from './condition.js';
export * from './measure.js';
export * from './measure-dialect.js';
export * from './measures.js';
export { whyNoEffect, withoutEffect } from './common/no-effect.js';
export * from './query-log.js';
export { checkQueryLogFile, openQueryLogFile, openUsageLogFile } from './query-log-file/index.js';
export {
  NotReadOnly,
  refusedAsWriting,
  requireReadingCondition,
  singleReadOnly,
  type UsersSqlDialect,
} from './read-only.js';
export * from './records.js';
export * from './row-hashing.js';
export { sessionFor } from './session-for.js';
export {
  allSources,
  connectionModel,
  connectionSecretKeys,
  findSource,
  foldingOfDialect,
  isSourceType,
  registerSources,
  sourceTypes,
  storageScheme,
  useRule,
} from './registry.js';
export { exactNumber } from './common/exact-number.js';
export { asWritten, isSingle, singleOf } from './common/single-floats.js';
export { dayText, timeText } from './common/utc-text.js';
export { compareNames } from './common/binary-order.js';
export { runTag } from './run-tag.js';
export * from './source.js';
export * from './source-spec.js';
