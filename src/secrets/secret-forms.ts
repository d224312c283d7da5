import { harmlessLine } from '../errors/index.js';

/** A part of a secret that is shorter than this is too common to be masked. */
const SHORTEST_PART = 8;
/** Lines of PEM have 64 characters; its last one may be shorter. */
const SHORTEST_LINE = 16;
/** How much must be left of a text that lost some characters. */
const SHORTEST_MISREAD = 4;
/** Bytes 0x80 to 0x9f. Decoded by hand: the TextDecoder of Node 20 takes them for Latin 1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * The forms in which a secret may turn up in a message: as it is, each long line of it (drivers quote keys line by
 * line), escaped in JSON, in SQL, in HTML or for a terminal, on one line, encoded in a URL, in base64 (alone, or
 * somewhere inside a longer text such as `user:password`), read by a wrong character set, and as the bytes of a packet
 * that a driver prints.
 */
export function secretForms(value: string): Set<string> {
  const bytes = bytesOf(value);
  const forms = new Set([
    value,
    ...escapedForms(value),
    ...urlForms(value),
    ...misreadForms(value),
    ...bytes.flatMap(base64Forms),
    ...bytes.flatMap(dumpedForms),
  ]);
  const lines = value.split(/\r?\n/);
  if (lines.length > 1) {
    for (const line of lines) if (line.length >= SHORTEST_LINE && !line.startsWith('-----')) forms.add(line);
  }
  return forms;
}

/** As servers and proxies quote it: a statement, a document in a document, an error page, a line of a log. */
function escapedForms(value: string): string[] {
  const json = inJson(value);
  const ascii = json.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const folded = [value, value.replace(/\s+/g, ' '), value.replace(/\r?\n/g, '\r\n'), value.replaceAll('\r\n', '\n')];
  return [
    ...folded.flatMap((text) => [text.normalize('NFC'), text.normalize('NFD')]),
    ...[json, ascii].flatMap((text) => [text, inJson(text)]),
    ...sqlForms(value),
    harmlessLine(value),
    ...["'", '&apos;', '&#39;', '&#x27;', '&#039;'].map((quote) => inHtml(value, quote)),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Inside either kind of quotes, escaped by doubling or by a backslash. */
function sqlForms(value: string): string[] {
  const signs = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return [value, signs].flatMap((text) => [
    ...["'", '"', '`'].map((quote) => text.replaceAll(quote, quote + quote)),
    ...[/'/g, /"/g, /['"]/g].map((quotes) => text.replace(quotes, '\\$&')),
  ]);
}

function inHtml(value: string, apostrophe: string): string {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return text.replaceAll('"', '&quot;').replaceAll("'", apostrophe);
}

function urlForms(value: string): string[] {
  // by way of bytes, since half a surrogate pair can't be encoded
  const encoded = encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [encoded, strict, ...[encoded, strict].map((form) => form.replaceAll('%20', '+'))];
}

/** As sent over a wire: in UTF-8, and in Latin 1 (HTTP's old rule for logins) if it can be written in that. */
function bytesOf(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value, 'utf8');
  return /[^\0-\xff]/.test(value) || utf8.length === value.length ? [utf8] : [utf8, Buffer.from(value, 'latin1')];
}

/** For a value that isn't ASCII: its UTF-8 read as a Western character set, and its Latin 1 read as UTF-8. */
function misreadForms(value: string): string[] {
  const [utf8, latin1] = bytesOf(value);
  if (utf8 === undefined || utf8.length === value.length) return [];
  const lost = latin1?.toString('utf8') ?? '';
  return [
    utf8.toString('latin1'),
    utf8.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign),
    // characters that could not be read carry no secret
    ...(lost.replaceAll('\ufffd', '').length >= SHORTEST_MISREAD ? [lost] : []),
  ];
}

/** `736e6f77`, `73 6e 6f 77` (a Buffer, a dump), `115,110,111,119` (a Buffer in JSON). */
function dumpedForms(bytes: Buffer): string[] {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  return [pairs.join(''), pairs.join(' '), bytes.join(',')];
}

function base64Forms(bytes: Buffer): string[] {
  const forms: string[] = [];
  // A secret at byte 0, 1 or 2 of a group of three encodes differently; the characters it shares with its neighbours
  // are cut off.
  for (const offset of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const encoded = whole.toString('base64').replace(/=+$/, '');
    const from = offset === 0 ? 0 : offset + 1;
    const to = whole.length % 3 === 0 ? encoded.length : encoded.length - 1;
    const inner = encoded.slice(from, to);
    if (inner.length >= SHORTEST_PART) forms.push(inner);
  }
  forms.push(bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''));
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
