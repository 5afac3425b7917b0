import { register } from 'tsx/esm/api';

// The harness is TypeScript that runs from its sources, whether or not the packages are built.
register();
const { load } = await import('./load.ts');
process.exitCode = await load(process.argv.slice(2));
