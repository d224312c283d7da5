export { edgeFilter } from './edge-filter.js';
export { wantedViews } from './wanted-views.js';
export { mergeEdges, type MergePosition } from './merge-edges.js';
export { parseSlice } from './parse-slice.js';
export { publishEdges } from './publish-edges.js';
export { markViewsProcessed, removeViewEdges } from './processed-views.js';
export { readWindow, type WindowPosition } from './read-window.js';
export { viewLine, windowLine, type ViewLine } from './staged-line.js';
export { TableFinder } from './table-finder.js';
