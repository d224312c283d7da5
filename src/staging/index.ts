export * from './chunk.js';
export * from './staging-store.js';
export { FolderStore } from './folder-store.js';
export { SliceWriter } from './slice-writer.js';
export { toLines } from './line-buffer.js';
