import { z } from 'zod';
import {
  AuthenticationError,
  CatalogBusy,
  ForeignAnswer,
  PermanentError,
  TransientError,
  type IngestionError,
} from '../../errors/index.js';
import { redactAndCut } from '../../secrets/index.js';
import { parseWithDigits } from './exact-json.js';
import { textFault } from './json-depth.js';
import { hostPortHint, type ServerAddress } from './host-port.js';
import { HttpStatusError, type Outcome } from './outcome.js';
import { parseRetryAfter } from './retry-policy.js';
import type { HttpMethod } from './transport.js';

/** An answer as received. */
export interface RawAnswer {
  readonly method: HttpMethod;
  /** Method and path, for messages. */
  readonly call: string;
  readonly status: number;
  readonly contentType: string;
  /** Of `Content-Encoding`; this client asks for none and unpacks none. */
  readonly encoding: string | undefined;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly text: string;
  readonly accept: readonly number[];
  /** Of the text, in characters; no limit of its own when absent. */
  readonly most: number | undefined;
  readonly keepsDigits?: boolean | undefined;
}

type Body =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'html' | 'text' | 'broken' | 'long' | 'deep' | 'many' };

/** What isn't parsed, since that would hold up everything else in this process. */
const UNREADABLE: Readonly<Partial<Record<Body['kind'], string>>> = {
  long: 'far more than belongs there',
  deep: 'JSON that is nested too deeply',
  many: 'JSON of too many parts',
};

type Failure = Pick<Extract<Outcome, { ok: false }>, 'error' | 'repeat'>;

/** Includes 500, which the server also answers for a deadlock in its database. Those above 504 come from proxies. */
const REPEATED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 529]);
const MAX_MESSAGE = 2_000;
const MAX_ENCODING = 40;

/** Turns an answer into a value for the caller or into an error of the tree. */
export function answerOutcome(raw: RawAnswer, address: ServerAddress): Outcome {
  const body = readBody(raw);
  if (raw.status >= 200 && raw.status < 300) return successOutcome(raw, body, address);
  if (raw.accept.includes(raw.status) && isAnswer(raw, body)) {
    return { ok: true, answer: { status: raw.status, body: body.kind === 'json' ? body.value : undefined } };
  }
  return { ok: false, status: raw.status, ...errorOf(raw, body, address) };
}

function successOutcome(raw: RawAnswer, body: Body, address: ServerAddress): Outcome {
  if (body.kind === 'empty') return { ok: true, answer: { status: raw.status, body: undefined } };
  if (body.kind === 'json') return { ok: true, answer: { status: raw.status, body: body.value } };
  if (raw.encoding !== undefined && raw.encoding !== 'identity') {
    const error = new PermanentError(
      `${raw.call} on ${address.text} answered packed (Content-Encoding: ${raw.encoding.slice(0, MAX_ENCODING)}), which this client does not ask for and does not unpack.`,
      { where: address.text, remedy: 'Have the server or the proxy in front of it pack only what a client accepts.' }
    );
    return { ok: false, repeat: 'never', error };
  }
  const unreadable = UNREADABLE[body.kind];
  if (unreadable !== undefined) {
    const size = `${raw.text.length} characters`;
    const error = new PermanentError(`${raw.call} on ${address.text} answered ${unreadable} (${size}).`, {
      where: address.text,
      remedy: `No OpenMetadata answers so. ${hostPortHint(address)}`,
    });
    return { ok: false, repeat: 'never', error };
  }
  if (body.kind === 'broken') {
    const error = new TransientError(`The answer to ${raw.call} on ${address.text} is cut short or not JSON.`, {
      where: address.text,
    });
    return { ok: false, repeat: 'idempotent', error };
  }
  const found = body.kind === 'html' ? 'an HTML page' : `${raw.contentType}`;
  const error = new ForeignAnswer(`${raw.call} on ${address.text} answered ${found} where JSON belongs.`, {
    where: address.text,
    remedy: hostPortHint(address),
  });
  return { ok: false, repeat: 'never', error };
}

/**
 * "Absent" is only believed when OpenMetadata itself says so: a 404 of a proxy, of the web pages or of an unknown
 * endpoint must not make the caller create what exists. A caller that also accepts 405 wants to know whether the
 * endpoint exists at all.
 */
function isAnswer(raw: RawAnswer, body: Body): boolean {
  if (body.kind === 'html') return false;
  if (raw.accept.includes(405) || body.kind === 'empty') return true;
  const said = serverError(body);
  return said.code !== undefined && !isUnknownEndpoint(said.message);
}

function errorOf(raw: RawAnswer, body: Body, address: ServerAddress): Failure {
  const said = serverError(body);
  const detail = said.message === '' ? '' : `: ${said.message}`;
  const message = `${raw.call} on ${address.text} answered ${raw.status}${detail}`;
  const facts = { where: address.text, cause: new HttpStatusError(raw.status, said.message) };
  if (raw.status === 401) {
    const remedy = 'Make a new token for the bot in Settings > Bots and put it into securityConfig.jwtToken.';
    return never(new AuthenticationError(`OpenMetadata refused the token: ${message}`, { ...facts, remedy }));
  }
  if (raw.status === 403) {
    const remedy = "Give the bot a role that allows this in Settings > Bots (the ingestion bot's role does).";
    return never(new AuthenticationError(`The token's owner may not do this: ${message}`, { ...facts, remedy }));
  }
  if (raw.status === 412) {
    const remedy = 'Read the entity again and repeat the change.';
    return never(new TransientError(`The entity was changed by somebody else: ${message}`, { ...facts, remedy }));
  }
  if (REPEATED_STATUSES.has(raw.status)) {
    const retryAfterMs = parseRetryAfter(raw.retryAfter, Date.now());
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    const error = new (raw.status === 429 ? CatalogBusy : TransientError)(message, { ...facts, ...wait });
    return { repeat: 'idempotent', error };
  }
  if (raw.status >= 300 && raw.status < 400) {
    const target = raw.location === undefined ? '' : ` to ${withoutQuery(raw.location)}`;
    const remedy = 'Redirects are not followed: put the final address into hostPort.';
    return never(new PermanentError(`${message} (a redirect${target})`, { ...facts, remedy }));
  }
  const remedy = remedyFor(raw, body, said, address);
  return never(new (isForeign(raw, body, said) ? ForeignAnswer : PermanentError)(message, { ...facts, ...remedy }));
}

function never(error: IngestionError): Failure {
  return { repeat: 'never', error };
}

/** No error of OpenMetadata's, which has a code. */
function isForeign({ status }: RawAnswer, body: Body, said: ServerError): boolean {
  return status === 404 && (body.kind === 'html' || said.code === undefined);
}

function remedyFor(
  raw: RawAnswer,
  body: Body,
  said: ServerError,
  address: ServerAddress
): { readonly remedy?: string } {
  if (raw.status === 405 || (raw.status === 404 && isUnknownEndpoint(said.message))) {
    return {
      remedy: `The server has no such endpoint: this worker is tested with OpenMetadata 1.13, 2.0 and 2.1. ${hostPortHint(address)}`,
    };
  }
  if (body.kind === 'html' || isForeign(raw, body, said)) return { remedy: hostPortHint(address) };
  return {};
}

/** OpenMetadata's error body `{code, message}`; from other JSON its message, if it has one. */
const errorBody = z.object({ code: z.number().optional().catch(undefined), message: z.string().catch('') });

type ServerError = z.infer<typeof errorBody>;

function serverError(body: Body): ServerError {
  const parsed = errorBody.safeParse(body.kind === 'json' ? body.value : undefined);
  if (!parsed.success) return { message: '' };
  return { ...parsed.data, message: redactAndCut(parsed.data.message, MAX_MESSAGE) };
}

/** What the server's framework says about a path that it doesn't know, as opposed to an entity that doesn't exist. */
function isUnknownEndpoint(message: string): boolean {
  return /^HTTP 404\b/.test(message);
}

function readBody(raw: RawAnswer): Body {
  if (raw.most !== undefined && raw.text.length > raw.most) return { kind: 'long' };
  const text = raw.text.trim();
  if (text === '') return { kind: 'empty' };
  if (raw.contentType.includes('text/html') || /^<(!doctype|html)/i.test(text)) return { kind: 'html' };
  const fault = textFault(text);
  if (fault !== undefined) return { kind: fault };
  try {
    return { kind: 'json', value: raw.keepsDigits === true ? parseWithDigits(text) : (JSON.parse(text) as unknown) };
  } catch {
    const claimsJson = raw.contentType === '' || raw.contentType.includes('json') || /^[[{]/.test(text);
    return { kind: claimsJson ? 'broken' : 'text' };
  }
}

function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/, '').replace(/\/\/[^/@]*@/, '//');
}
