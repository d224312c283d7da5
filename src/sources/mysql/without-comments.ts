import { codeInComment, type SqlServer, type SqlSession } from '../../sql/index.js';

/** Where a string, a quoted name or a comment begins; comments whose text the server runs are none. */
const BEGINNING = /['"`]|\/\*|--(?=\s|$)|#/g;
const ANY_SERVER: SqlServer = { isMariaDb: true };
const COMMENT = /\/\*|--|#/;
const BACKSLASH = 92;

/** SQL with a blank for each comment. What is left open reaches to the end. One walk, whatever the text is like. */
export function withoutComments(text: string, { server = ANY_SERVER, plainBackslashes }: SqlSession = {}): string {
  if (!COMMENT.test(text)) return text;
  const pieces: string[] = [];
  let copied = 0;
  BEGINNING.lastIndex = 0;
  for (let found = BEGINNING.exec(text); found !== null; found = BEGINNING.exec(text)) {
    const [mark] = found;
    const code = mark === '/*' ? codeInComment(text, found.index, server) : undefined;
    if (typeof code === 'number') {
      BEGINNING.lastIndex = code;
      continue;
    }
    const isComment = mark === '/*' || mark === '--' || mark === '#';
    const end = isComment
      ? endOfComment(text, found.index, mark)
      : endOfString(text, found.index, plainBackslashes !== true);
    if (isComment) {
      pieces.push(text.slice(copied, found.index), ' ');
      copied = end;
    }
    BEGINNING.lastIndex = end;
  }
  return pieces.join('') + text.slice(copied);
}

function endOfComment(text: string, start: number, mark: string): number {
  const closing = mark === '/*' ? '*/' : '\n';
  const end = text.indexOf(closing, start + mark.length);
  return end === -1 ? text.length : end + closing.length;
}

function endOfString(text: string, start: number, hasEscapes: boolean): number {
  const quote = text.charCodeAt(start);
  const escapes = hasEscapes && text.charAt(start) !== '`';
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (escapes && code === BACKSLASH) at += 1;
  }
  return text.length;
}
