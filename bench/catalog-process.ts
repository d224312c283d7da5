import { readFileSync } from 'node:fs';
import { startCli, type CliProcess } from '../test/services/cli.js';

/** A local catalog in a process of its own, so that its work is not that of the bench. */
export interface CatalogProcess {
  readonly url: string;
  readonly token: string;
  readonly process: CliProcess;
}

/** @param file of the catalog; made when it is not there */
export async function startCatalogProcess(file: string): Promise<CatalogProcess> {
  const process = startCli(['catalog', '--port', '0', '--file', file]);
  let output = '';
  process.child.stdout?.on('data', (text: string) => (output += text));
  await process.until('jwtToken');
  const url = /catalog\s+(http:\S+)/.exec(output)?.[1] ?? '';
  return { url, token: readFileSync(`${file}.token`, 'utf8').trim(), process };
}
