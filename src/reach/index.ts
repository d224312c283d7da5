export { allowedNames, type AllowedNames } from './allowed-names.js';
export { closeToOthers, makePrivateFile, makePrivateFolder, writePrivateFile } from './private-file.js';
export { currentReach, trustRecipe, withReach, type Reach } from './reach.js';
export {
  FileRefused,
  folderPath,
  openRegularFile,
  readRegularFile,
  readRegularFileSync,
  regularFilePath,
} from './regular-file.js';
