import { register } from 'tsx/esm/api';

// The harness is TypeScript that runs from its sources, whether or not the packages are built.
register();
const { bench } = await import('./bench.ts');
process.exitCode = await bench(process.argv.slice(2));
