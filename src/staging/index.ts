export * from './chunk.js';
export * from './staging-store.js';
export type * from './state-store.js';
export { FolderStore } from './folder-store.js';
export { growingSlice, wholeSlices, type ChunkFeed } from './chunk-feed.js';
export { listStage, type AddedLine, type Listing, type ListStage } from './list-stage.js';
export { transformStage, type FedChunk, type Transformed, type TransformStage } from './transform-stage.js';
export type { StageRun } from './stage-run.js';
export { toLines } from './line-buffer.js';
