import { expect } from 'chai';
import { edited, read, RECIPE, refusal } from './recipe-fixture.js';

/** Nine aliases of nine aliases of …: 9^8 values from 300 characters. */
function aliasBomb(): string {
  const lists = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [previous, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
    lists.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${previous}`).join(',')}]`);
  }
  return lists.join('\n');
}

const FAULTS: readonly (readonly [name: string, text: string, message: string])[] = [
  ['an empty file', '', 'recipe.yaml: is empty.'],
  ['white space only', '\n  \n', 'recipe.yaml: is empty.'],
  ['comments only', '# later\n', 'recipe.yaml: is empty: it has no YAML besides comments.'],
  ['a null document', '~\n', 'recipe.yaml: is empty. A recipe has the keys source, sink and workflowConfig.'],
  ['a list', '- a\n', 'recipe.yaml: is not a mapping. A recipe has the keys source, sink and workflowConfig.'],
  ['a plain text', 'hello\n', 'recipe.yaml: is not a mapping. A recipe has the keys source, sink and workflowConfig.'],
  ['a binary file', 'a: \u0000\u0001\n', 'recipe.yaml: is not a text file in UTF-8. Save the recipe as UTF-8.'],
  [
    'a file larger than 1 MiB',
    `a: ${'x'.repeat(1024 * 1024)}`,
    'recipe.yaml: is larger than 1 MiB, too large for a recipe.',
  ],
  [
    'a duplicate key',
    edited('  serviceName: shop', '  serviceName: shop\n  type: mysql'),
    'recipe.yaml:4: the key `type` is given twice in the same mapping. Keep one. (column 3)',
  ],
  [
    'a tab as indentation',
    edited('  serviceName', '\tserviceName'),
    'recipe.yaml:3: a tab is used for indentation. YAML allows spaces only. (column 1)',
  ],
  [
    'an alias bomb',
    aliasBomb(),
    'recipe.yaml: with its aliases (`*name`) written out it is larger than 1 MiB, too large for a recipe. Repeat less by them, or put it into several recipes.',
  ],
  [
    'a large value that is repeated often',
    `a: &a ${'x'.repeat(20_000)}\nb: [${Array.from({ length: 60 }, () => '*a').join(',')}]\n`,
    'recipe.yaml: with its aliases (`*name`) written out it is larger than 1 MiB, too large for a recipe. Repeat less by them, or put it into several recipes.',
  ],
  [
    'more aliases than are looked for',
    `a: &a 1\nb: [${Array.from({ length: 1_001 }, () => '*a').join(',')}]\n`,
    'recipe.yaml: has more than 1,000 aliases (`*name`), too many for a recipe. Write the values out, or put it into several recipes.',
  ],
  [
    'an alias of its own parent',
    'source: &all\n  type: *all\n',
    'recipe.yaml:2: `*all` is inside the value that it repeats.',
  ],
  [
    'a pattern that begins with an asterisk',
    'includes:\n  - *_tmp\n',
    'recipe.yaml:2: `*_tmp` is an alias of nothing. A value that begins with `*` needs quotes; a pattern for any text is `.*`.',
  ],
  [
    'several documents',
    'a: 1\n---\nb: 2\n',
    'recipe.yaml:2: a second YAML document begins here. A recipe file holds one: remove the `---` line, or split the file.',
  ],
  [
    'a line left out by documentation',
    edited('      threads: 2', '      ...\n      threads: 2'),
    'recipe.yaml:14: `...` means lines that the documentation left out. Replace it by them, or remove it.',
  ],
  [
    'a line left out at the margin',
    'source:\n  type: mysql\n...\nsink: x\n',
    'recipe.yaml:3: `...` means lines that the documentation left out. Replace it by them, or remove it.',
  ],
  [
    'a missing space',
    'source:\n  type:mysql\n  a: 1\n',
    "recipe.yaml:2: this line isn't `key: value`; a space is needed after the colon. (column 3)",
  ],
  ['a second colon', 'a: b: c\n', 'recipe.yaml:1: a second `: ` in the value. Put the value in quotes. (column 4)'],
  [
    'a quote left open',
    'a: "x\nb: 1\n',
    'recipe.yaml:3: a quote, bracket or brace that was opened is not closed. (column 1)',
  ],
  [
    'crooked indentation',
    'a:\n    b: 1\n  c: 2\n',
    "recipe.yaml:3: the indentation doesn't fit the lines above it. (column 1)",
  ],
  [
    'a reserved character',
    'password: @secret\n',
    'recipe.yaml:1: the value begins with a character that YAML keeps for itself (@ ` %). Put the value in quotes. (column 11)',
  ],
  [
    'a Windows path in double quotes',
    'a: "C:\\path"\n',
    'recipe.yaml:1: a backslash in double quotes begins an escape that YAML does not know. Use single quotes, or double the backslash. (column 7)',
  ],
  [
    'a tag',
    'password: !vault secret/mysql\n',
    'recipe.yaml:1: tags (`!name value`) are not supported. For a secret write ${VARIABLE} or file:/absolute/path. (column 11)',
  ],
  ['a key that is a list', '? [a]\n: b\n', 'recipe.yaml:1: a key that is a list or a mapping. (column 3)'],
  [
    'text after a quoted value',
    'a: "x" y\n',
    'recipe.yaml:1: text that does not belong here. Put the whole value in quotes. (column 8)',
  ],
  ['brackets without end', `a: ${'['.repeat(500_000)}`, 'recipe.yaml: is nested too deeply.'],
  ['list markers without end', '- '.repeat(500_000), 'recipe.yaml: is nested too deeply.'],
];

describe('a recipe that is not one YAML mapping', () => {
  for (const [name, text, message] of FAULTS) {
    it(`is refused with its line and the mend: ${name}`, () => {
      expect(refusal(() => read(text))).to.equal(message);
    });
  }

  it('is told by every duplicate key at once', () => {
    const text = edited('  serviceName: shop', '  serviceName: shop\n  type: mysql').replace(
      'sink:',
      'source: {}\nsink:'
    );
    expect(refusal(() => read(text)).split('\n')).to.deep.equal([
      'recipe.yaml:4: the key `type` is given twice in the same mapping. Keep one. (column 3)',
      'recipe.yaml:16: the key `source` is given twice in the same mapping. Keep one. (column 1)',
    ]);
  });

  it('never quotes the text around a fault, which may be a secret', () => {
    for (const broken of [
      'password: "hunter2-sentinel\n',
      'password: hunter2-sentinel: x\n',
      'password: @hunter2-sentinel\n',
      '- hunter2-sentinel\n',
    ]) {
      expect(refusal(() => read(broken))).not.to.include('sentinel');
    }
  });
});

describe('a recipe in unusual but sound YAML', () => {
  it('may begin with a byte order mark, use CRLF, document markers, anchors and merge keys', () => {
    const merged = `---\ndefaults: &server\n  authProvider: openmetadata\n...\n`;
    expect(() => read(`\uFEFF${RECIPE.replaceAll('\n', '\r\n')}`)).not.to.throw();
    expect(() => read(`---\n${RECIPE}...\n`)).not.to.throw();
    expect(refusal(() => read(merged))).to.include('recipe.yaml:2: defaults: unknown key.');
    const anchored = edited(
      '      threads: 2',
      '      threads: 2\n      tableFilterPattern: &tmp\n        excludes: [^tmp_]\n      schemaFilterPattern:\n        <<: *tmp'
    );
    expect(read(anchored).recipe.source.sourceConfig.config).to.deep.include({
      schemaFilterPattern: { excludes: ['^tmp_'] },
    });
  });

  it('may repeat a small value often', () => {
    const repeated = Array.from({ length: 999 }, () => '*one').join(', ');
    const many = edited('      threads: 2', `      tableFilterPattern: {includes: [&one ^a$, ${repeated}]}`);
    const { config } = read(many).recipe.source.sourceConfig;
    expect(config).to.have.nested.property('tableFilterPattern.includes').with.length(1_000);
  });

  it('may be JSON with tabs', () => {
    const { recipe } = read(RECIPE);
    const { kind, ...rest } = recipe;
    expect(kind).to.equal('metadata');
    expect(read(JSON.stringify(rest, undefined, '\t')).recipe).to.deep.equal(recipe);
  });
});
