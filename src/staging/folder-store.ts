import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder } from '../reach/index.js';
import { FolderObjects } from './folder-objects.js';
import { ObjectStore, readOrMakeId } from './object-store.js';

/** A staging store in a folder, local or shared. */
export class FolderStore extends ObjectStore {
  /** Opens the folder, creating it and its id if they don't exist. Safe for two processes at once. */
  static async open(root: string): Promise<FolderStore> {
    const absolute = path.resolve(root);
    makePrivateFolder(absolute, true);
    await mkdir(path.join(absolute, 'runs'), { recursive: true, mode: 0o700 });
    const objects = new FolderObjects(absolute);
    return new FolderStore(objects, await readOrMakeId(objects));
  }
}
