/**
 * Whether a text matches an SQL LIKE pattern: `%` is any text, `_` any character, and a backslash (with `escapes`)
 * makes the next character literal. Takes time proportional to pattern times text, however many `%` there are.
 */
export function fitsLike(
  text: string,
  pattern: string,
  options: { ignoreCase?: boolean; escapes?: boolean } = {}
): boolean {
  const fold = (sign: string): string => (options.ignoreCase === true ? sign.toLowerCase() : sign);
  const signs = Array.from(text, fold);
  const parts = likeParts(pattern, options.escapes === true);
  let at = 0;
  let part = 0;
  /** Where the last `%` is, and how far it has reached. */
  let last: { part: number; at: number } | undefined;
  while (at < signs.length) {
    const wanted = parts[part];
    if (wanted?.any === '%') {
      last = { part, at };
      part += 1;
    } else if (wanted !== undefined && (wanted.any === '_' || fold(wanted.sign) === signs[at])) {
      at += 1;
      part += 1;
    } else if (last !== undefined) {
      last.at += 1;
      at = last.at;
      part = last.part + 1;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest.any === '%');
}

interface LikePart {
  readonly sign: string;
  /** Set for a wildcard. */
  readonly any?: '%' | '_';
}

function likeParts(pattern: string, escapes: boolean): LikePart[] {
  const parts: LikePart[] = [];
  let isEscaped = false;
  for (const sign of pattern) {
    if (!isEscaped && escapes && sign === '\\') isEscaped = true;
    else {
      parts.push(!isEscaped && (sign === '%' || sign === '_') ? { any: sign, sign } : { sign });
      isEscaped = false;
    }
  }
  return parts;
}
