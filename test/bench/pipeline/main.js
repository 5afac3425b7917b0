import { register } from 'tsx/esm/api';

register();
const { benchPipeline } = await import('./bench-pipeline.ts');
const { benchEvents } = await import('./bench-events.ts');
benchPipeline();
benchEvents();
