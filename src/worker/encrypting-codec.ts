import { METADATA_ENCODING_KEY, type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { fileURLToPath } from 'node:url';
import { EncryptionKeys, missingKey } from '../secrets/index.js';

/**
 * As in Temporal's own samples, so that codec servers modelled on them can read it: the whole payload, encrypted, under
 * these names.
 */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const { Payload: payloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts what Temporal stores of runs. Without keys it leaves payloads as they are, and says which key an encrypted
 * one needs.
 */
export class EncryptingCodec implements PayloadCodec {
  constructor(readonly keys: EncryptionKeys | undefined) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const { keys } = this;
    if (keys === undefined) return payloads;
    return payloads.map((payload) => {
      const { keyId, data } = keys.seal(payloadMessage.encode(payload).finish());
      return { metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keyId) }, data };
    });
  }

  /** @throws PermanentError naming the key that is missing here */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      if (!isEncrypted(payload)) return payload;
      const keyId = textOf(payload, KEY_ID);
      if (this.keys === undefined) throw missingKey(keyId);
      return payloadMessage.decode(this.keys.open({ keyId, data: payload.data ?? new Uint8Array() }));
    });
  }
}

/** True for a payload that was stored encrypted. */
export function isEncrypted(payload: Payload): boolean {
  return textOf(payload, METADATA_ENCODING_KEY) === ENCODING;
}

/**
 * The data converter of workers and clients that are not given one: it encrypts when OM_INGEST_ENCRYPTION_KEYS is set.
 * @throws PermanentError when the keys can't be used
 */
export function environmentConverter(keys = EncryptionKeys.fromEnvironment()): DataConverter {
  return {
    payloadCodecs: [new EncryptingCodec(keys)],
    ...(keys === undefined ? {} : { failureConverterPath: ENCODED_FAILURES }),
  };
}

/** Compiled; a part of the bundle of workflows that encrypt. */
export const ENCODED_FAILURES = fileURLToPath(new URL('../workflows/encoded-failures.cjs', import.meta.url));

/** The keys by which a converter encrypts; undefined when it doesn't, or when it is somebody else's. */
export function keysOf({ payloadCodecs }: Pick<DataConverter, 'payloadCodecs'>): EncryptionKeys | undefined {
  const codec = payloadCodecs?.find((each): each is EncryptingCodec => each instanceof EncryptingCodec);
  return codec?.keys;
}

/** True for a client whose inputs are stored encrypted by our own codec. */
export function encrypts(client: { readonly options: { readonly loadedDataConverter: DataConverter } }): boolean {
  return keysOf(client.options.loadedDataConverter) !== undefined;
}

function textOf(payload: Payload, name: string): string {
  return Buffer.from(payload.metadata?.[name] ?? []).toString('utf8');
}
