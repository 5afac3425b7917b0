import { register } from 'tsx/esm/api';

register();
const { benchRouter } = await import('./bench-router.ts');
benchRouter();
