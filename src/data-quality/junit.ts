/** One result for JUnit's XML. */
export interface JunitResult {
  /** FQN of the table. */
  readonly tableFqn: string;
  readonly column?: string | undefined;
  readonly name: string;
  readonly definition: string;
  readonly status: 'Success' | 'Failed' | 'Aborted' | 'Queued';
  readonly text: string;
}

export interface JunitRun {
  /** Name of the whole file. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** Results as JUnit XML, one suite per table. A Failed test is a `failure`, an Aborted one an `error`. */
export function junitXml({ name, startedAt, finishedAt }: JunitRun, results: readonly JunitResult[]): string {
  const tables = new Map<string, JunitResult[]>();
  for (const result of results) tables.set(result.tableFqn, [...(tables.get(result.tableFqn) ?? []), result]);
  const seconds = ((finishedAt - startedAt) / 1000).toFixed(3);
  const timestamp = new Date(startedAt).toISOString().slice(0, 19);
  const suites = [...tables].map(
    ([table, own]) =>
      `  <testsuite name="${escaped(table)}" ${counts(own)} timestamp="${timestamp}">\n${own.map(testcase).join('\n')}\n  </testsuite>`
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" ${counts(results)} time="${seconds}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(results: readonly JunitResult[]): string {
  const of = (status: JunitResult['status']): number => results.filter((result) => result.status === status).length;
  return `tests="${results.length}" failures="${of('Failed')}" errors="${of('Aborted')}"`;
}

function testcase({ tableFqn, column, name, definition, status, text }: JunitResult): string {
  const place = column === undefined ? tableFqn : `${tableFqn}.${column}`;
  const head = `    <testcase classname="${escaped(place)}" name="${escaped(name)}"`;
  if (status === 'Success' || status === 'Queued') return `${head}/>`;
  const element = status === 'Failed' ? 'failure' : 'error';
  const body = `      <${element} type="${escaped(definition)}" message="${escaped(text)}"/>`;
  return `${head}>\n${body}\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no control characters except tab and line breaks, and no lone surrogates, not even as references. */
function escaped(text: string): string {
  let xml = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 9 || code === 10 || code === 13) xml += `&#${code};`;
    else xml += isAllowed(code) ? (ENTITIES[character] ?? character) : '\ufffd';
  }
  return xml;
}

function isAllowed(code: number): boolean {
  return code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
