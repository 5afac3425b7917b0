import { describe } from 'vitest';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { describeJobs } from './runner/describe-jobs.ts';
import { responseJobs } from './runner/job.ts';

describe('responses', () => describeJobs(responseJobs(), { proxy: sluiceGateway, lanes: 3 }));
