export { isSecretLeaf, looksLikeSecretKey, secretLeaf } from './secret-leaf.js';
