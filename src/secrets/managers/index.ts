export { managedProvider, type ManagerChoice } from './secret-manager.js';
export { SecretManagers } from './secret-managers.js';
