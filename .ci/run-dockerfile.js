// Plays the Dockerfile without Docker: each stage in an empty folder, COPY as copies, RUN as another user than root,
// paths of the image below that folder. Then the image's command answers from a tree that nobody may write to. `node
// .ci/run-dockerfile.js`
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const root = mkdtempSync(join(tmpdir(), 'om-image-'));
chmodSync(root, 0o755);
const stages = new Map();
let stage = '';
let folder = '';
let env = {};
let entrypoint = [];
let user = 'root';

try {
  for (const [word, rest] of instructions(readFileSync('Dockerfile', 'utf8'))) play(word, rest);
  if (user === 'root') throw new Error('the image runs as root');
  sh(`chmod -R a-w ${inStage('/app')}`, root);
  const [program = '', ...args] = entrypoint;
  const version = spawnSync(program, [...args.map(inStage), '--version'], {
    ...as,
    env: { ...env, PATH: process.env.PATH },
    encoding: 'utf8',
  });
  if (version.status !== 0) throw new Error(`the command fails: ${version.stderr}`);
  for (const file of ['workflow-bundle.js', 'workflow-bundle-encoding.js']) {
    if (!existsSync(inStage(`/app/dist/src/${file}`))) throw new Error(`${file} is not in the image`);
  }
  console.log(
    `the image's command says ${version.stdout.trim()}, as another user, from a tree without a right to write`
  );
} finally {
  spawnSync('chmod', ['-R', 'u+w', root]);
  rmSync(root, { recursive: true, force: true });
}

function play(word, rest) {
  if (word === 'FROM') {
    stage = / AS (\S+)$/i.exec(rest)?.[1] ?? 'image';
    stages.set(stage, join(root, stage));
    env = { HOME: join(root, 'home') };
    for (const made of [join(root, stage), join(root, 'home'), inStage('/usr/local/bin')]) owned(made);
  } else if (word === 'WORKDIR') owned((folder = inStage(rest)));
  else if (word === 'ENV') for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) env[name] = inStage(value);
  else if (word === 'COPY') copy(rest.split(/\s+/));
  else if (word === 'RUN') sh(inStage(rest.replace('node:node', '$(id -u):$(id -g)')), folder);
  else if (word === 'USER') user = rest;
  else if (word === 'ENTRYPOINT') entrypoint = JSON.parse(rest);
}

function copy(words) {
  const from = /^--from=(.*)$/.exec(words[0])?.[1];
  const paths = from === undefined ? words : words.slice(1);
  const target = join(folder, paths.at(-1));
  for (const source of paths.slice(0, -1)) {
    const file = from === undefined ? source : join(stages.get(from), source);
    const to = paths.at(-1) === './' ? join(folder, basename(source)) : target;
    cpSync(file, to, { recursive: true, verbatimSymlinks: true });
    if (isRoot) spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, to]);
  }
}

/** Absolute paths of the image, below the stage's folder. */
function inStage(text) {
  return text.replace(
    /(^|[\s=])(\/(?:app|data|build|usr\/local\/bin)\b)/g,
    (_, before, path) => `${before}${join(stages.get(stage), path)}`
  );
}

function owned(made) {
  mkdirSync(made, { recursive: true });
  if (isRoot) for (const path of [made, join(made, '..')]) if (path.startsWith(root)) chownSync(path, NOBODY, NOBODY);
}

function sh(command, cwd) {
  console.log(`${stage}: ${command.replaceAll(root, '')}`);
  const { status } = spawnSync('sh', ['-c', command], {
    cwd,
    stdio: 'inherit',
    ...as,
    env: { PATH: process.env.PATH, ...env },
  });
  if (status !== 0) throw new Error(`${command} fails`);
}

/** Word and rest of each instruction; lines that end in a backslash go on. */
function instructions(text) {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => /^(\w+)\s+(.*)$/.exec(line)?.slice(1) ?? [line, '']);
}
