import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';

let shared: Promise<EdgesCatalog> | undefined;

/** One for all runs that are compared: what is parsed names tables by their ids. */
export function sharedCatalog(): Promise<EdgesCatalog> {
  shared ??= edgesCatalog().then(async (om) => {
    for (const name of ['a', 'b', 'c']) await om.add(`s.default.shop.${name}`);
    return om;
  });
  return shared;
}

export async function closeSharedCatalog(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}
