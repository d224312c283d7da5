// Writes the lists of workflow kinds from src/contract/kinds.ts, the one that people edit, by the names that a kind's
// files have. A list for each place that must not load the others (docs/rooms.md, "A kind's lines").
// `npm run kinds` writes them; `--check` only says which are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const LIST = 'src/contract/kinds.ts';
const HEADER = `// Written by \`npm run kinds\` from ${LIST}: do not edit.\n`;

const kinds = Object.entries(await readKinds()).map(([kind, { workflowType, className }]) => ({
  kind,
  name: kind.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
  workflowType,
  className,
}));

const lists = [
  record('src/recipe/kinds/kinds.generated.ts', {
    doc: 'The recipe model of each kind.',
    imports: ["import type { WorkflowKind } from '../../contract/kinds.js';"],
    member: ({ kind, name }) => ({ name: `${name}Model`, from: `./${kind}.js` }),
    end: 'export const KIND_MODELS = {…} as const satisfies Readonly<Record<WorkflowKind, unknown>>;',
  }),
  record('src/activities/kinds.generated.ts', {
    doc: 'The work of each kind outside its workflow.',
    imports: [
      "import type { WorkflowKind } from '../contract/kinds.js';",
      "import type { RecipeOf } from '../recipe/index.js';",
      "import type { KindWork } from './run/kind-work.js';",
    ],
    member: ({ kind, name }) => ({ name: `${name}Work`, from: `./${kind}/index.js` }),
    end: 'export const KIND_WORK = {…} satisfies { readonly [Kind in WorkflowKind]: KindWork<RecipeOf<Kind>> };',
  }),
  exported('src/workflows/kinds.generated.ts', ({ workflowType }) => workflowType),
  exported('src/client/kinds.generated.ts', ({ className }) => className),
];

const absent = lists.flatMap(({ needs }) => needs).filter(({ file }) => !existsSync(file));
for (const { file, name } of absent) console.error(`${file} is not there yet: it exports ${name}.`);
if (absent.length > 0) process.exitCode = 1;

const check = process.argv.includes('--check');
for (const { file, text } of lists) {
  const wanted = await format(text, { ...(await resolveConfig(fileURLToPath(import.meta.url))), parser: 'typescript' });
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
  if (check) {
    console.error(`${file} is not what ${LIST} makes of it: npm run kinds`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    console.error(`${file}: written`);
  }
}

/** The list imports nothing, so its compiled text can be loaded as it is, before anything is built. */
async function readKinds() {
  const { outputText } = ts.transpileModule(readFileSync(LIST, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const { KINDS } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return KINDS;
}

/** A list as an object with a member for each kind. */
function record(file, { doc, imports, member, end }) {
  const members = kinds.map((facts) => ({ kind: facts.kind, ...member(facts) }));
  const lines = members.map(({ name, from }) => `import { ${name} } from '${from}';`);
  const keys = members.map(({ kind, name }) => `'${kind}': ${name},`).join('\n');
  const text = [HEADER, ...imports, ...lines, '', `/** ${doc} */`, end.replace('…', `\n${keys}\n`)].join('\n');
  return { file, text, needs: members.map(({ name, from }) => ({ name, file: source(file, from) })) };
}

/** A list as a module that exports something of each kind. */
function exported(file, nameOf) {
  const members = kinds.map(nameOf).map((name) => ({ name, from: `./${dashed(name)}.js` }));
  const lines = members.map(({ name, from }) => `export { ${name} } from '${from}';`);
  return {
    file,
    text: [HEADER, ...lines].join('\n'),
    needs: members.map(({ name, from }) => ({ name, file: source(file, from) })),
  };
}

function source(file, from) {
  return join(dirname(file), from).replace(/\.js$/, '.ts');
}

/** `TestSuiteWorkflow` → `test-suite-workflow` */
function dashed(name) {
  return name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}
