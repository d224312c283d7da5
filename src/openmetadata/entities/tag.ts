export type ProviderType = 'system' | 'user' | 'automation';

export interface CreateClassificationRequest {
  readonly name: string;
  readonly description: string;
  readonly displayName?: string;
  readonly provider?: ProviderType;
  readonly mutuallyExclusive?: boolean;
}

export interface CreateTagRequest {
  /** Name of the classification. */
  readonly classification: string;
  readonly name: string;
  readonly description: string;
  /** FQN of the parent tag. */
  readonly parent?: string;
  readonly displayName?: string;
  readonly provider?: ProviderType;
  readonly mutuallyExclusive?: boolean;
}
