import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
  paginateListObjectsV2,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { NewObject, Objects } from './objects.js';
import { NoSuchObject, isStatus, notS3, toS3Error } from './s3-errors.js';
import type { S3Place } from './s3-place.js';

/** Bytes of a large object that are sent, and held, at a time. */
const PART_BYTES = 5 * 1024 * 1024;
/** Includes the wait for one of the sockets. */
const CONNECT_MS = 15_000;
/** A request that takes longer is abandoned and sent again. */
const REQUEST_MS = 60_000;
/** Requests at once, across all activities of a worker. */
const SOCKETS = 64;
/** A worker that starts says within twice this time what it waits for, then it asks again. */
const START_MS = 6_000;
const START_ATTEMPTS = 2;
/** How often a request is sent, with back-off, before the attempt of the stage fails. */
const ATTEMPTS = 4;
/** Two processes that create the same object at the same moment may both be told to try again. */
const CONFLICTS = 5;
/** Marks each attempt to create an object, so that an attempt whose answer was lost recognises its own object. */
const MARK = 'attempt';

/** Objects in a bucket below a prefix. Needs a store that honours conditional writes (`If-None-Match: *`). */
export class S3Objects implements Objects {
  readonly lookMs = 500;
  readonly place: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /**
   * @param page objects that one request lists, or removes
   * @param starting a request has little time: whoever asks repeats it, and says so
   */
  constructor(
    { bucket, prefix, endpoint, region, forcePathStyle }: S3Place,
    private readonly page = 1_000,
    starting = false
  ) {
    this.#bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.place = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.#client = new S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      forcePathStyle,
      maxAttempts: starting ? START_ATTEMPTS : ATTEMPTS,
      // chunks have their own sha256; stores other than Amazon's don't know the SDK's checksums
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: starting ? START_MS : CONNECT_MS,
        requestTimeout: starting ? START_MS : REQUEST_MS,
        throwOnRequestTimeout: true,
        httpsAgent: { maxSockets: SOCKETS, keepAlive: true },
        httpAgent: { maxSockets: SOCKETS, keepAlive: true },
      },
    });
  }

  /** Closes its connections. */
  close(): void {
    this.#client.destroy();
  }

  async get(key: string): Promise<Buffer | undefined> {
    return this.#asking(`read ${key}`, async () => {
      const { Body } = this.#ofStore(`read ${key}`, await this.#client.send(new GetObjectCommand(this.#at(key))));
      return Body === undefined ? Buffer.alloc(0) : Buffer.from(await Body.transformToByteArray());
    }).catch(absent);
  }

  async open(key: string): Promise<Readable | undefined> {
    const what = `read ${key}`;
    const answer = await this.#asking(what, async () =>
      this.#ofStore(what, await this.#client.send(new GetObjectCommand(this.#at(key))))
    ).catch(absent);
    return answer?.Body instanceof Readable ? answer.Body : undefined;
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const what = `write ${key}`;
    await this.#asking(what, async () =>
      this.#ofStore(what, await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes })))
    );
  }

  async putStream(key: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#at(key), Body: bytes instanceof Readable ? bytes : Readable.from(bytes) },
      partSize: PART_BYTES,
      queueSize: 1,
    });
    const what = `write ${key}`;
    await this.#asking(what, async () => this.#ofStore(what, await upload.done()));
  }

  async create(key: string, bytes: Buffer, before?: NewObject): Promise<boolean> {
    if (before !== undefined) await this.put(before.key, before.bytes);
    const mark = randomBytes(8).toString('hex');
    const made = await this.#asking(`make ${key}`, () => this.#createMarked(key, bytes, mark));
    if (!made && before !== undefined) await this.remove(before.key);
    return made;
  }

  async names(folder: string): Promise<string[]> {
    const below = `${this.#prefix}${folder}/`;
    const names: string[] = [];
    for await (const { Contents = [], CommonPrefixes = [] } of this.#list({ Prefix: below, Delimiter: '/' })) {
      for (const { Key = '' } of Contents) names.push(Key.slice(below.length));
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(below.length, -1));
    }
    return names.filter((name) => name !== '').sort();
  }

  async remove(key: string): Promise<void> {
    await this.#asking(`remove ${key}`, () => this.#client.send(new DeleteObjectCommand(this.#at(key))));
  }

  async removeAll(folder: string): Promise<void> {
    for await (const { Contents = [] } of this.#list({ Prefix: `${this.#prefix}${folder}/` })) {
      if (Contents.length === 0) continue;
      const Delete = { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true };
      const { Errors = [] } = await this.#asking(`remove ${folder}`, () =>
        this.#client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete }))
      );
      const [first] = Errors;
      if (first !== undefined) {
        const { Code: name, Message: message } = first;
        throw toS3Error({ name, message }, `remove ${first.Key ?? folder}`, this.place);
      }
    }
  }

  async changes(folder: string): Promise<ReadonlyMap<string, number>> {
    const below = `${this.#prefix}${folder}/`;
    const changes = new Map<string, number>();
    for await (const { Contents = [] } of this.#list({ Prefix: below })) {
      for (const { Key = '', LastModified } of Contents) {
        const [name = ''] = Key.slice(below.length).split('/');
        changes.set(name, Math.max(changes.get(name) ?? 0, LastModified?.getTime() ?? 0));
      }
    }
    return changes;
  }

  async #createMarked(key: string, bytes: Buffer, mark: string): Promise<boolean> {
    const object = { ...this.#at(key), Body: bytes, Metadata: { [MARK]: mark }, IfNoneMatch: '*' };
    for (let tries = 1; ; tries += 1) {
      try {
        this.#ofStore(`make ${key}`, await this.#client.send(new PutObjectCommand(object)));
        return true;
      } catch (error) {
        if (isStatus(error, 409) && tries < CONFLICTS) continue;
        if (!isStatus(error, 412)) throw error;
        // The SDK resends a request that got no answer: then the object is this attempt's own.
        const { Metadata } = await this.#client.send(new HeadObjectCommand(this.#at(key)));
        return Metadata?.[MARK] === mark;
      }
    }
  }

  async *#list(
    input: Pick<ListObjectsV2CommandInput, 'Prefix' | 'Delimiter'>
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    const what = `list ${input.Prefix ?? ''}`;
    try {
      const asked = { Bucket: this.#bucket, ...input };
      for await (const page of paginateListObjectsV2({ client: this.#client, pageSize: this.page }, asked)) {
        // a page without it is not even an empty list
        if (page.IsTruncated === undefined) throw notS3(what, this.place, page.$metadata.httpStatusCode);
        yield page;
      }
    } catch (error) {
      throw toS3Error(error, what, this.place);
    }
  }

  /** An answer about an object, which has a tag whatever store speaks S3. */
  #ofStore<T extends Pick<GetObjectCommandOutput, 'ETag' | '$metadata'>>(what: string, answer: T): T {
    if (answer.ETag === undefined) throw notS3(what, this.place, answer.$metadata.httpStatusCode);
    return answer;
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }

  async #asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw toS3Error(error, what, this.place);
    }
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof NoSuchObject)) throw error;
}
