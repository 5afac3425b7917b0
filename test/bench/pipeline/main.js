import { register } from 'tsx/esm/api';

register();
const { benchPipeline } = await import('./bench-pipeline.ts');
benchPipeline();
