import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { RecipeError, type RecipeProblem } from '../errors/index.js';
import { RECIPE_YAML, RECIPE_YAML_VALUES } from '../secrets/index.js';
import { expandedSize } from './expanded-size.js';
import { isMapping, type RecipePath } from './recipe-path.js';
import { LARGEST, textProblem } from './recipe-text.js';
import { keepWriting } from './written-values.js';
import { yamlFaults } from './yaml-faults.js';

/** A recipe read as YAML, before any checks. */
export interface RecipeDocument {
  readonly value: Record<string, unknown>;
  /** 1-based line of the key (of a list: the item) at `path`, else of the nearest place above it. */
  lineOf(path: RecipePath): number | undefined;
  /** Secrets of which YAML reads only a part, or nothing. */
  readonly cutSecrets: readonly { readonly path: RecipePath; readonly message: string }[];
}

/** @throws RecipeError for everything that keeps the text from being one YAML mapping. */
export function parseRecipeDocument(text: string, origin: string): RecipeDocument {
  try {
    return parseDocumentOf(text, origin);
  } catch (error) {
    // the parser is recursive for nested input, in more ways than can be counted beforehand
    if (!(error instanceof RangeError)) throw error;
    throw new RecipeError([{ path: '', message: 'is nested too deeply.' }], origin);
  }
}

function parseDocumentOf(text: string, origin: string): RecipeDocument {
  const fault = textProblem(text);
  if (fault !== undefined) throw new RecipeError([fault], origin);

  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const parsed = parseAllDocuments(text, { ...RECIPE_YAML, lineCounter: lines });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [document] = documents;
  const fail = (message: string, offset?: number): never => {
    const line = offset === undefined ? {} : { line: lineAt(offset) };
    throw new RecipeError([{ path: '', message, ...line }], origin);
  };
  if (document === undefined) return fail('is empty: it has no YAML besides comments.');
  const faults: RecipeProblem[] = yamlFaults(documents, text, lines);
  if (faults.length > 0) throw new RecipeError(faults, origin);
  const targets = aliasTargets(document, fail);
  if (targets.size > 0 && expandedSize(document.contents, targets) > LARGEST) fail(EXPANDS_TOO_FAR);
  keepWriting(document, targets);

  const value: unknown = document.toJS(RECIPE_YAML_VALUES);
  if (!isMapping(value))
    return fail(
      `is ${value === null ? 'empty' : 'not a mapping'}. A recipe has the keys source, sink and workflowConfig.`
    );
  return {
    value,
    lineOf: (path) => lineOf(document.contents, path, targets, lineAt),
    cutSecrets: cutSecrets(document),
  };
}

const SECRET_KEY = /password|secret|token|passphrase|privateKey/i;

/** `pw #1` is `pw` and a comment, `&pw` an anchor: both are usually passwords without quotes. */
function cutSecrets(document: Document): { path: RecipePath; message: string }[] {
  const found: { path: RecipePath; message: string }[] = [];
  visit(document, {
    Pair(_, { key, value }, ancestors) {
      if (!isScalar(key) || !isScalar(value) || typeof key.value !== 'string' || !SECRET_KEY.test(key.value)) return;
      const above = ancestors.filter(isPair).map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key));
      const path = [...above, key.value];
      const isReference = /^(\$\{|file:|secret:)/.test(value.source ?? '');
      if (value.type === 'PLAIN' && typeof value.comment === 'string' && !isReference)
        found.push({
          path,
          message:
            'ends before ` #`, which begins a comment in YAML. If that belongs to the value, put the value in quotes.',
        });
      else if (value.anchor !== undefined && value.source === '')
        found.push({
          path,
          message: 'begins with `&`, which names an anchor in YAML: the value is empty. Put the value in quotes.',
        });
    },
  });
  return found;
}

/** The library looks for what each alias repeats in a walk through all of them. */
const MOST_ALIASES = 1_000;
const TOO_MANY_ALIASES =
  'has more than 1,000 aliases (`*name`), too many for a recipe. Write the values out, or put it into several recipes.';
const EXPANDS_TOO_FAR =
  'with its aliases (`*name`) written out it is larger than 1 MiB, too large for a recipe. Repeat less by them, or put it into several recipes.';

type Fail = (message: string, offset?: number) => never;

type Targets = ReadonlyMap<Alias, Node>;

/**
 * What each alias repeats. An alias of nothing is usually a pattern that begins with `*`; an alias of its own parent
 * would never end. One walk for all of them: the library's own resolving takes a walk through the document for each.
 */
function aliasTargets(document: Document, fail: Fail): Targets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_, node, ancestors) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      if (targets.size === MOST_ALIASES) fail(TOO_MANY_ALIASES);
      const target = anchors.get(node.source);
      const name = `\`*${node.source}\``;
      if (target === undefined) {
        return fail(
          `${name} is an alias of nothing. A value that begins with \`*\` needs quotes; a pattern for any text is \`.*\`.`,
          node.range?.[0]
        );
      }
      if (ancestors.some((ancestor) => ancestor === target))
        fail(`${name} is inside the value that it repeats.`, node.range?.[0]);
      targets.set(node, target);
    },
  });
  return targets;
}

function lineOf(
  contents: unknown,
  path: RecipePath,
  targets: Targets,
  lineAt: (offset: number) => number
): number | undefined {
  let node = contents;
  let line: number | undefined;
  for (const part of path) {
    const step = child(targets, node, part);
    if (step === undefined) break;
    const offset = step.place?.range?.[0];
    if (offset !== undefined) line = lineAt(offset);
    node = step.value;
  }
  return line;
}

interface Step {
  /** The key, or the item itself. */
  readonly place: Node | undefined;
  readonly value: unknown;
}

function child(targets: Targets, parent: unknown, part: string | number): Step | undefined {
  const node = isAlias(parent) ? targets.get(parent) : parent;
  if (isSeq<Node>(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { place: item, value: item };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const keyed = (name: string | number): (typeof node.items)[number] | undefined =>
    node.items.find(({ key }) => isScalar(key) && key.value === String(name));
  const pair = keyed(part);
  if (pair !== undefined) return { place: pair.key, value: pair.value };
  // The merge key's own class of scalar prints as `<<`.
  const merged = node.items.find(({ key }) => String(key) === '<<');
  return merged === undefined ? undefined : child(targets, merged.value, part);
}
