import type { ConfigCheck } from '@sluice/config';
import { openAccessLog } from '@sluice/handler-access-log';
import type { GatewayConfig } from '../gateway-config-schema.ts';

/** A format that can't be compiled, such as one with an operator that there is not. */
export const accessLogFormat: ConfigCheck<GatewayConfig> = {
  name: 'access-log-format',
  run: ({ accessLog: { format } }) => {
    try {
      openAccessLog({ destination: 'off', format });
      return [];
    } catch (cause) {
      const ofSecret = 'found a secret that is no format.';
      const { message } = cause as Error;
      return [{ severity: 'error', path: ['accessLog', 'format'], message, ofSecret }];
    }
  },
};
