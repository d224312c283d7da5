import path from 'node:path';
import { makePrivateFolder } from '../reach/index.js';
import { toFolderError } from './folder-errors.js';
import { FolderObjects } from './folder-objects.js';
import { makeFolder } from './make-folder.js';
import { ObjectStore, readOrMakeId } from './object-store.js';

/** A staging store in a folder, local or shared. */
export class FolderStore extends ObjectStore {
  /** Opens the folder, creating it and its id if they don't exist. Safe for two processes at once. */
  static async open(root: string): Promise<FolderStore> {
    const absolute = path.resolve(root);
    try {
      await makeFolder(absolute);
      makePrivateFolder(absolute, true);
      await makeFolder(path.join(absolute, 'runs'));
    } catch (error) {
      throw toFolderError(error, 'be opened', absolute);
    }
    const objects = new FolderObjects(absolute);
    return new FolderStore(objects, await readOrMakeId(objects));
  }
}
