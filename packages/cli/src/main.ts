import 'reflect-metadata/lite';
import { SLUICE } from './program/program.ts';
import { runProgram } from './program/run-program.ts';

await runProgram(SLUICE);
