export { EncryptionKeys, KEYS_VARIABLE, missingKey, type Sealed } from './encryption-keys.js';
export { secretKeysOf } from './secret-keys.js';
export { isSecretLeaf, LEAST_SECRET_NUMBER, looksLikeSecretKey, namesSecret, secretLeaf } from './secret-leaf.js';
export {
  assignsSecret,
  hasUserInUrl,
  holdsSecret,
  isSecretItself,
  setsSecret,
  withoutSecretLooks,
} from './secret-text.js';
export { Secret } from './secret.js';
export {
  forgetSecret,
  protectNames,
  protectWords,
  redact,
  redactAndCut,
  redactorApart,
  registerSecret,
} from './redaction.js';
export { redactValues } from './redact-values.js';
export { isSecretReference, REFERENCE_FORMS, resolveSecrets } from './resolve-secrets.js';
export type { ResolveContext, SecretSource } from './secret-source.js';
export { managedProvider, SecretManagers, type ManagerChoice } from './managers/index.js';
export { expandVariables, hasVariables, isPlainVariable, variableFormProblems } from './variables.js';
export type { Environment } from './variables.js';
export { RECIPE_YAML, RECIPE_YAML_VALUES, recipeSha256 } from './recipe-yaml.js';
