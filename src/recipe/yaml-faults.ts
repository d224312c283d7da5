import { type Document, isScalar, type LineCounter, visit } from 'yaml';
import { beginning } from '../errors/index.js';
import type { RecipeProblem } from '../errors/index.js';
import { redact, withoutSecretLooks } from '../secrets/index.js';

/** The parser's own messages are not used: some quote the text, which may contain a secret. */
const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation. YAML allows spaces only.',
  BAD_INDENT: "the indentation doesn't fit the lines above it.",
  MULTILINE_IMPLICIT_KEY: "this line isn't `key: value`; a space is needed after the colon.",
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
const SECOND_DOCUMENT =
  'a second YAML document begins here. A recipe file holds one: remove the `---` line, or split the file.';
const TAG = 'tags (`!name value`) are not supported. For a secret write ${VARIABLE} or file:/absolute/path.';

const MOST_FAULTS = 20;
/** Characters of a key that a message shows. */
const LONGEST_NAME = 60;

/** Syntax faults by line: every duplicate key, and only the first of the others, since the rest follow from it. */
export function yamlFaults(documents: readonly Document[], text: string, lines: LineCounter): RecipeProblem[] {
  const duplicates = documents.flatMap(duplicateKeys).map(({ name, offset }) => {
    return fault(offset, `the key \`${name}\` is given twice in the same mapping. Keep one.`, lines);
  });
  const other = otherFault(documents, text, lines);
  const faults = other === undefined ? duplicates : [...duplicates, other];
  return faults.sort((one, next) => (one.line ?? 0) - (next.line ?? 0)).slice(0, MOST_FAULTS);
}

function otherFault(documents: readonly Document[], text: string, lines: LineCounter): RecipeProblem | undefined {
  const [first] = documents.flatMap(({ errors }) => errors);
  const [, second] = documents;
  if (first !== undefined || second !== undefined) {
    const line = leftOutLine(text);
    if (line !== undefined) return { path: '', line, message: LEFT_OUT };
  }
  if (first !== undefined) return fault(first.pos[0], MESSAGES[first.code] ?? OTHER_FAULT, lines);
  if (second !== undefined) {
    return { path: '', line: lines.linePos(second.range?.[0] ?? 0).line, message: SECOND_DOCUMENT };
  }
  const tag = documents.flatMap(({ warnings }) => warnings).find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  return tag === undefined ? undefined : fault(tag.pos[0], TAG, lines);
}

function fault(offset: number, message: string, lines: LineCounter): RecipeProblem {
  const { line, col } = lines.linePos(offset);
  return { path: '', line, message: `${message} (column ${col})` };
}

/** The parser can look for them itself, but compares every key with every other: minutes for a text of 1 MiB. */
function duplicateKeys(document: Document): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name))
          found.push({ name: beginning(redact(withoutSecretLooks(name)), LONGEST_NAME), offset: key.range?.[0] ?? 0 });
        seen.add(name);
      }
    },
  });
  return found;
}

/** The message for `...`, wherever it is. */
export const LEFT_OUT = '`...` means lines that the documentation left out. Replace it by them, or remove it.';

function leftOutLine(text: string): number | undefined {
  const index = text.split('\n').findIndex((line) => line.trim() === '...');
  return index === -1 ? undefined : index + 1;
}
