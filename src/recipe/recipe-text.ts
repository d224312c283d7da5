import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RecipeError, type RecipeProblem } from '../errors/index.js';

/** Where a recipe's text comes from. */
export interface RecipeText {
  readonly text: string;
  /** File name, or `recipe` for inline input; the start of every message. */
  readonly origin: string;
  /** Absolute path if it is a file on this worker: literal secrets are then read from there. */
  readonly file?: string;
}

/** Bytes of a recipe. The largest real recipes (profiler settings of hundreds of tables) have about 100 KiB. */
export const LARGEST = 1024 * 1024;
const TOO_LARGE = 'is larger than 1 MiB, too large for a recipe.';
const NOT_TEXT = 'is not a text file in UTF-8. Save the recipe as UTF-8.';
/** Control characters except tab, line feed, carriage return and next line; or what undecodable bytes become. */
const BINARY = /[^\P{Cc}\t\n\r\u0085]|\uFFFD/u;

/**
 * Line ends, commas, colons, quotes and whatever else begins something in YAML: these determine how long its parser
 * takes. The largest real recipes have a few thousand; text with nothing else would block the worker for seconds.
 */
const MOST_PARTS = 60_000;
const TOO_MANY_PARTS =
  'has too many lines, commas, colons and quotes for a recipe. Say the same with fewer patterns, or put it into several recipes.';
/**
 * Nesting of brackets and braces. A YAML parser recurses for each: tens of thousands kill the process instead of
 * throwing.
 */
const DEEPEST = 200;
/** Consecutive list or key markers on one line, which nest like brackets. */
const MARKERS_IN_A_ROW = /(?:[-?][ \t]+){64}/;

/**
 * Reads a recipe file whole, its byte order mark included, so that its sha256 is the file's.
 * @throws RecipeError when the file can't be read, is larger than 1 MiB or isn't UTF-8.
 */
export function readRecipeText(path: string): RecipeText {
  const file = resolve(path);
  const bytes = readBounded(file, path);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), origin: path, file };
  } catch {
    throw new RecipeError([{ path: '', message: NOT_TEXT }], path);
  }
}

function readBounded(file: string, origin: string): Buffer {
  const refuse = (message: string): never => {
    throw new RecipeError([{ path: '', message }], origin);
  };
  let descriptor: number;
  try {
    // a pipe that nobody writes to would never open
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return refuse('no such file.');
    if (code === 'EACCES') return refuse("this process's user may not read it.");
    return refuse(`can't be read (${code}).`);
  }
  try {
    const state = fstatSync(descriptor);
    if (state.isDirectory()) return refuse('is a folder, not a recipe.');
    if (!state.isFile()) return refuse('is not a file.');
    if (state.size > LARGEST) return refuse(TOO_LARGE);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What is wrong with a recipe object, judging by its JSON. */
export function jsonProblem(json: string): string | undefined {
  if (Buffer.byteLength(json, 'utf8') > LARGEST) return TOO_LARGE;
  return partsOf(json) > MOST_PARTS * JSON_PARTS ? TOO_MANY_PARTS : undefined;
}

/** JSON has twice as many quotes, and its parser isn't slow. */
const JSON_PARTS = 4;

/** What is wrong with the text before it is even YAML. */
export function textProblem(text: string): RecipeProblem | undefined {
  const message = messageFor(text);
  return message === undefined ? undefined : { path: '', message };
}

function messageFor(text: string): string | undefined {
  if (Buffer.byteLength(text, 'utf8') > LARGEST) return TOO_LARGE;
  if (BINARY.test(text)) return NOT_TEXT;
  if (isNestedTooDeeply(text)) return 'is nested too deeply.';
  if (partsOf(text) > MOST_PARTS) return TOO_MANY_PARTS;
  if (text.replace('\uFEFF', '').trim() === '') return 'is empty.';
  return undefined;
}

/** Whether YAML is nested deeper than any file of ours, before a parser recurses for each level. */
export function isNestedTooDeeply(text: string): boolean {
  return bracketDepth(text) > DEEPEST || MARKERS_IN_A_ROW.test(text);
}

function partsOf(text: string): number {
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) if (STARTS.has(text.charCodeAt(at))) parts += 1;
  return parts;
}

const STARTS: ReadonlySet<number> = new Set([...'\n\r,:"\'?[]{}&*!#|>'].map((sign) => sign.charCodeAt(0)));

/** The most brackets and braces open at once; also counts quoted ones, of which real recipes have few. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
