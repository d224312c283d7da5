import { checkLength, namePattern, shownPattern, type NamePattern } from './name-pattern.js';
import { translate } from './python-syntax.js';
import { SpentTime } from './slow-regex.js';

/**
 * The pattern as OpenMetadata applies it: matched at the start of a name (not anywhere in it), ignoring case.
 * @param spent shared by the patterns of its list
 * @throws Error that names the pattern and what is wrong with it.
 */
export function compilePattern(text: string, spent = new SpentTime()): NamePattern {
  return orReason(text, () => {
    checkLength(text);
    const { flags, rest } = leadingFlags(text);
    return namePattern({ asGiven: text, source: translate(rest), flags, anywhere: false, spent });
  });
}

/**
 * A pattern as OpenMetadata's server applies it, found anywhere in a name, ignoring case: in JavaScript's syntax, else
 * in Python's, matched at the start.
 * @param spent shared by the patterns of its list
 * @throws Error naming the pattern and what is wrong with it.
 */
export function compileServerPattern(text: string, spent = new SpentTime()): NamePattern {
  try {
    return namePattern({ asGiven: text, source: text.replace(/^\(\?i\)/, ''), flags: '', anywhere: true, spent });
  } catch {
    return compilePattern(text, spent);
  }
}

function orReason(text: string, compile: () => NamePattern): NamePattern {
  try {
    return compile();
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : String(error);
    const told = `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`.replace(/\.$/, '');
    throw new Error(`\`${shownPattern(text)}\` is not a valid pattern: ${told}.`, { cause: error });
  }
}

/** `(?i)` and the like, which Python only allows at the start. Case is ignored anyway. */
function leadingFlags(text: string): { flags: string; rest: string } {
  const match = /^\(\?([aiLmsux]+)\)/.exec(text);
  if (match === null) return { flags: '', rest: text };
  const given = match[1] ?? '';
  if (given.includes('x'))
    throw new Error('the verbose flag (?x) is not supported; write the pattern without spaces and comments');
  return { flags: ['m', 's'].filter((flag) => given.includes(flag)).join(''), rest: text.slice(match[0].length) };
}
