import 'reflect-metadata';
import { runProgram } from '@sluice/cli';
import { demoOrigin } from './demo/demo-origin.ts';

await runProgram({
  name: 'main.js',
  demoOrigins: (logger) => [demoOrigin('demo-1', logger), demoOrigin('demo-2', logger)],
});
