import type { Document, LineCounter, YAMLError } from 'yaml';
import type { RecipeProblem } from '../errors/index.js';

/** The parser's own messages are not used: some quote the text, which may hold a secret. */
const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation. YAML allows spaces only.',
  BAD_INDENT: "the indentation doesn't fit the lines above it.",
  MULTILINE_IMPLICIT_KEY: "this line isn't `key: value`; a space is needed behind the colon.",
  BLOCK_AS_IMPLICIT_KEY: 'a second `: ` in the value. Put the value in quotes.',
  BLOCK_IN_FLOW: 'an indented block inside braces or brackets.',
  BAD_SCALAR_START: 'the value begins with a character that YAML keeps for itself (@ ` %). Put the value in quotes.',
  BAD_DQ_ESCAPE:
    'a backslash in double quotes begins an escape that YAML does not know. Use single quotes, or double the backslash.',
  MISSING_CHAR: 'a quote, bracket or brace that was opened is not closed.',
  UNEXPECTED_TOKEN: 'text that does not belong here. Put the whole value in quotes.',
  NON_STRING_KEY: 'a key that is a list or a mapping.',
  RESOURCE_EXHAUSTION: 'it is nested too deeply.',
  KEY_OVER_1024_CHARS: 'a key longer than 1,024 characters.',
};
const OTHER_FAULT = 'this is not valid YAML.';

/** Faults of the syntax: every duplicate key, and of the others the first, since the rest follow from it. */
export function yamlFaults(documents: readonly Document[], text: string, lines: LineCounter): RecipeProblem[] {
  const errors = documents.flatMap((document) => document.errors);
  const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const problem = (error: YAMLError, message: string): RecipeProblem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { path: '', line, message: `${message} (column ${col})` };
  };

  const faults = duplicates.map((error) =>
    problem(error, `the key \`${keyAt(text, error.pos[0])}\` is given twice in the same mapping. Keep one.`)
  );
  const leftOut = first === undefined && documents.length < 2 ? undefined : leftOutLine(text);
  if (leftOut !== undefined) return [...faults, { path: '', line: leftOut, message: LEFT_OUT }];
  if (first !== undefined) return [...faults, problem(first, MESSAGES[first.code] ?? OTHER_FAULT)];
  const [, second] = documents;
  if (second !== undefined) {
    const line = lines.linePos(second.range?.[0] ?? 0).line;
    return [
      ...faults,
      {
        path: '',
        line,
        message:
          'a second YAML document begins here. A recipe file holds one: remove the `---` line, or split the file.',
      },
    ];
  }
  const tag = documents.flatMap(({ warnings }) => warnings).find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tag !== undefined)
    return [
      ...faults,
      problem(tag, 'tags (`!name value`) are not supported. For a secret write ${VARIABLE} or file:/absolute/path.'),
    ];
  return faults;
}

/** The message for `...`, wherever it stands. */
export const LEFT_OUT = '`...` stands for lines that the documentation left out. Replace it by them, or remove it.';

function leftOutLine(text: string): number | undefined {
  const index = text.split('\n').findIndex((line) => line.trim() === '...');
  return index === -1 ? undefined : index + 1;
}

/** The name of a key; keys are never secret, but a broken text might make a long one. */
function keyAt(text: string, offset: number): string {
  return /^[\w.-]{1,60}/.exec(text.slice(offset).replace(/^["']/, ''))?.[0] ?? '';
}
