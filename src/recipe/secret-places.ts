import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  hasVariables,
  isPlainVariable,
  KEYS_VARIABLE,
  REFERENCE_FORMS,
  variableFormProblems,
} from '../secrets/index.js';
import type { Findings } from './findings.js';
import { placeholderProblem } from './placeholders.js';
import { dotted, pointer, type RecipePath } from './recipe-path.js';

/**
 * What becomes of a secret in plain text: a pointer into the recipe's `file`, or a value in the `memory` of this
 * process; otherwise the recipe is refused, because its text would be kept in Temporal's history.
 */
export type LiteralSecrets = 'file' | 'memory' | 'refuse';

const MEMORY = 'memory:';
const JWT_TOKEN = 'workflowConfig.openMetadataServerConfig.securityConfig.jwtToken';
/** A variable whose default is a path isn't a secret. */
const TOKEN_OR_PATH = /^\$\{\w+:-[^}/]*\/[^}]*\}$/;
export const REFUSED =
  'a secret in plain text, in a recipe that is not a file on the worker: Temporal would keep it in the history. ' +
  `Four ways out: write a reference (${REFERENCE_FORMS}); start the run with recipePath, the name of a file in the worker's recipes folder; ` +
  `run it inside your own process with MetadataWorkflow.create(recipe); or encrypt what Temporal keeps (${KEYS_VARIABLE}, for clients and workers).`;

/** Turns the secrets of one recipe into references, and remembers which were literals. */
export class SecretPlaces {
  /** JSON pointers, as written in the recipe. */
  readonly literals: string[] = [];
  /** JSON pointers of all secret leaves that were checked. */
  readonly leaves = new Set<string>();
  /** Values of `memory:/…` references, by pointer. */
  readonly memory = new Map<string, string>();

  constructor(
    private readonly policy: LiteralSecrets,
    private readonly findings: Findings,
    /** Secrets that this process has already: references to them are kept. */
    private readonly held: ReadonlyMap<string, string> = new Map(),
    /** `secretsManagerProvider` of the recipe. */
    private readonly provider = 'db'
  ) {}

  /** The reference for the text of a secret leaf; empty when a problem was found, so that no secret goes further. */
  reference(path: RecipePath, text: string): string {
    this.leaves.add(pointer(path));
    if (text === '') return text;
    const problem = placeholderProblem(text, true) ?? this.#formProblem(text);
    if (problem !== undefined) {
      this.findings.problem(path, problem);
      return '';
    }
    if (isPlainVariable(text) || text.startsWith('file:/') || text.startsWith('secret:') || this.#isHeld(text))
      return text;
    return this.#tokenFile(path, text) ?? this.#literal(path, text);
  }

  #formProblem(text: string): string | undefined {
    if (/^(recipe|memory):\//.test(text) && !this.#isHeld(text))
      return `\`${text.slice(0, 7)}/…\` is a form that only the worker makes. Write ${REFERENCE_FORMS}.`;
    if (text.startsWith('secret:')) return this.#managedProblem(text);
    if (text.startsWith('file:'))
      return text.startsWith('file:/')
        ? undefined
        : '`file:` needs an absolute path, for example `file:/run/secrets/token`.';
    const [problem] = variableFormProblems(text);
    return problem;
  }

  #managedProblem(text: string): string | undefined {
    if (text === 'secret:') return '`secret:` has no id after it. Write the id that the secret has in its manager.';
    // any other provider is a separate problem, reported at its place
    if (this.provider !== 'db' && this.provider !== 'noop') return undefined;
    return (
      `\`secret:…\` is kept in a secret manager, and the recipe names none. ` +
      "Set workflowConfig.openMetadataServerConfig.secretsManagerProvider to the OpenMetadata server's."
    );
  }

  #isHeld(text: string): boolean {
    return text.startsWith(MEMORY) && this.held.has(text.slice(MEMORY.length));
  }

  /** OpenMetadata's own rule: a jwtToken may be the path of a file with the token. A token itself has no slash. */
  #tokenFile(path: RecipePath, text: string): string | undefined {
    if (dotted(path) !== JWT_TOKEN) return undefined;
    if (TOKEN_OR_PATH.test(text)) return text;
    if (hasVariables(text) || !(text.includes('/') || isFile(text))) return undefined;
    if (!text.startsWith('~')) return `file:${resolve(text)}`;
    this.findings.problem(
      path,
      'is a path with `~`, which is not expanded. Write the absolute path of the file with the token.'
    );
    return '';
  }

  #literal(path: RecipePath, text: string): string {
    this.findings.secret(path, text, this.policy === 'refuse');
    if (/^\$\{\s*\w+\s*\}$/.test(text)) {
      this.findings.warning(
        path,
        'has blanks inside `${ }` and was taken literally. If an environment variable was meant, write it without them: ${VARIABLE}.'
      );
    }
    if (/^\$[A-Za-z_]\w*$/.test(text)) {
      this.findings.warning(
        path,
        'begins with `$` and was taken literally. If an environment variable was meant, write it with braces: ${VARIABLE}.'
      );
    }
    const written = pointer(this.findings.written(path));
    this.literals.push(written);
    switch (this.policy) {
      case 'file':
        return `recipe:${written}`;
      case 'memory':
        this.memory.set(written, text);
        return `${MEMORY}${written}`;
      case 'refuse':
        this.findings.problem(
          path,
          text.startsWith('/') ? `${REFUSED} If it is the path of a file: \`file:\` before it.` : REFUSED
        );
        return '';
    }
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // a token is longer than a file name may be
    return false;
  }
}
