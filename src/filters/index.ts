export { afterwards, type Awaitable } from './awaitable.js';
export { filterPattern } from './filter-pattern.js';
export type { FilterPattern } from './filter-pattern.js';
export { fitsLike } from './like-pattern.js';
export type { NamePattern } from './name-pattern.js';
export { compilePattern, compileServerPattern } from './python-pattern.js';
export { excludedReason, nameFilter, notIncludedReason, type NameFilter } from './name-filter.js';
export { PatternList } from './pattern-list.js';
export { SpentTime } from './slow-regex.js';
