import { describe } from 'vitest';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { describeJobs } from './runner/describe-jobs.ts';
import { requestJobs } from './runner/job.ts';

describe('requests', () => describeJobs(requestJobs(), { proxy: sluiceGateway, lanes: 4 }));
