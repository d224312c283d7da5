/** A part of a secret shorter than this is too common a text to be masked. */
const SHORTEST_PART = 8;
/** Lines of a PEM text have 64 characters; its last one may be shorter. */
const SHORTEST_LINE = 16;

/**
 * The texts by which a secret may turn up in a message: as it is, each long line of it (drivers quote keys line by line), escaped
 * in JSON, encoded in a URL, and in base64 (alone, or somewhere inside a longer text such as `user:password`).
 */
export function secretForms(value: string): Set<string> {
  const forms = new Set([value, JSON.stringify(value).slice(1, -1), ...urlForms(value), ...base64Forms(value)]);
  const lines = value.split(/\r?\n/);
  if (lines.length > 1) {
    for (const line of lines) if (line.length >= SHORTEST_LINE && !line.startsWith('-----')) forms.add(line);
  }
  return forms;
}

function urlForms(value: string): string[] {
  // By way of bytes, since half a surrogate pair can't be encoded.
  const encoded = encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [encoded, strict, ...[encoded, strict].map((form) => form.replaceAll('%20', '+'))];
}

function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const forms: string[] = [];
  // A secret at byte 0, 1 or 2 of a group of three encodes differently; the characters it shares with its neighbours are cut off.
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
