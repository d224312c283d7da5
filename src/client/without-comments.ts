import { isDeepStrictEqual } from 'node:util';
import { Lexer, parse, stringify } from 'yaml';
import { parseRecipeDocument } from '../recipe/index.js';
import { RECIPE_YAML } from '../secrets/index.js';

/** Of the lexer's lexemes: marks of its own, not text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
/** Before the text of a scalar, which may begin with `#`. */
const SCALAR = '\u001f';

/**
 * A recipe as it is sent: what it means, without its comments, anchors and overridden values. Its lines stay where they
 * are, for messages, unless anchors had to be resolved.
 */
export function withoutComments(text: string): string {
  const lines = sameLines(text);
  if (lines !== undefined && isDeepStrictEqual(parse(lines, RECIPE_YAML), parse(text, RECIPE_YAML))) return lines;
  // values that count as they are written are texts here, and in quotes where they are sent
  return stringify(parseRecipeDocument(text, 'recipe').value, { aliasDuplicateObjects: false });
}

/** Undefined for a text with anchors or aliases: a value that is overridden would be sent. */
function sameLines(text: string): string | undefined {
  const kept: string[] = [];
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    const isText = before === SCALAR;
    before = lexeme;
    if (!isText && (MARKS.has(lexeme) || lexeme.startsWith('#'))) continue;
    if (!isText && /^[&*]/.test(lexeme)) return undefined;
    kept.push(lexeme);
  }
  return kept.join('');
}
