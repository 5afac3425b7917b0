import { register } from 'tsx/esm/api';

register();
const { benchInstructions } = await import('./bench-instructions.ts');
process.exitCode = await benchInstructions(process.argv.slice(2));
