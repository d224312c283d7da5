export { filterPattern } from './filter-pattern.js';
export type { FilterPattern } from './filter-pattern.js';
export { compilePattern } from './python-pattern.js';
export { nameFilter, type NameFilter } from './name-filter.js';
