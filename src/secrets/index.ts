export { secretKeysOf } from './secret-keys.js';
export { isSecretLeaf, looksLikeSecretKey, secretLeaf } from './secret-leaf.js';
export { Secret } from './secret.js';
export { redact, redactAndCut, registerSecret } from './redaction.js';
export { isSecretReference, REFERENCE_FORMS, resolveSecrets } from './resolve-secrets.js';
export type { ResolveContext, SecretSource } from './secret-source.js';
export { expandVariables, hasVariables, isPlainVariable, variableFormProblems } from './variables.js';
export type { Environment } from './variables.js';
export { MOST_ALIASES, RECIPE_YAML, RECIPE_YAML_VALUES, recipeSha256 } from './recipe-yaml.js';
