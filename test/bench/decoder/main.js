import { register } from 'tsx/esm/api';

register();
const { benchDecoder } = await import('./bench-decoder.ts');
benchDecoder();
