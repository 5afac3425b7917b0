import { describe } from 'vitest';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { describeJobs } from './runner/describe-jobs.ts';
import { proxyJobs } from './runner/job.ts';

describe('PROXY protocol headers', () => describeJobs(proxyJobs(), { proxy: sluiceGateway, lanes: 3 }));
