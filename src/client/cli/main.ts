#!/usr/bin/env node
import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

const code = await runProgram(process.argv.slice(2), processTerminal());
// what is still pending (a long poll for a run that was left to itself) must not hold the command back; its words must get out
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
