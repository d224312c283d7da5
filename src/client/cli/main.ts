#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { guardOutput } from './process-output.js';
import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

const output = guardOutput();
const code = await runProgram(process.argv.slice(2), processTerminal());
await output.flushed();
const failure = output.failure();
if (failure !== undefined) process.stderr.write(`error: the output can't be written: ${failure.message}\n`);
await output.flushed();
// whatever is pending (a long poll for a run that was left to itself) must not hold the command up
process.exit(failure === undefined ? code : EXIT.failed);
