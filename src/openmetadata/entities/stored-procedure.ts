import type { CreateRequestBase } from './references.js';

export interface StoredProcedureCode {
  readonly language?: 'SQL' | 'Java' | 'JavaScript' | 'Python' | 'External';
  readonly code?: string;
}

export interface CreateStoredProcedureRequest extends CreateRequestBase {
  /** FQN of the schema. */
  readonly databaseSchema: string;
  readonly storedProcedureCode: StoredProcedureCode;
  readonly storedProcedureType?: 'StoredProcedure' | 'UDF' | 'StoredPackage' | 'Function';
}
