import { expect, it } from 'vitest';
import { auditOutcome } from '../../tools/audit.ts';

const metadata = { vulnerabilities: { total: 1 } };

it.each(['high', 'critical'])('fails for a vulnerability of level %s', (severity) => {
  const printed = JSON.stringify({
    metadata,
    vulnerabilities: { llhttp: { severity }, other: { severity: 'low' } },
  });

  expect(auditOutcome(printed)).toEqual({
    result: 'failed',
    message: `Known vulnerabilities: llhttp (${severity}). See npm audit.`,
  });
});

it.each(['info', 'low', 'moderate'])('passes with one of level %s', (severity) => {
  const printed = JSON.stringify({ metadata, vulnerabilities: { other: { severity } } });

  expect(auditOutcome(printed)).toEqual({ result: 'passed', message: 'None of level high; 1 below.' });
});

it.each([
  ['a registry that is not there', '{"message":"connect ECONNREFUSED"}', 'connect ECONNREFUSED'],
  ['nothing', '', 'npm printed no report'],
  ['a page', '<html>', 'npm printed no report'],
])('says that it does not know for %s', (_what, printed, why) => {
  expect(auditOutcome(printed)).toEqual({
    result: 'unknown',
    message: `The registry could not be asked for vulnerabilities: ${why}.`,
  });
});
