import type { CheckFinding, ConfigCheck } from '@sluice/config';
import { SluiceError } from '@sluice/core';
import { checkedOriginConfig } from '@sluice/origin';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { originFrom } from '../origin-schema.ts';
import { pathOfPlace } from './route-places.ts';

/** What the origin itself refuses of settings that are good one by one, such as a ring that is at least larger than at most. */
export const originRules: ConfigCheck<GatewayConfig> = {
  name: 'origin-rules',
  run: ({ origins }) =>
    origins.flatMap((origin, at): readonly CheckFinding[] => {
      try {
        checkedOriginConfig(originFrom(origin), `origins[${at}]`);
        return [];
      } catch (cause) {
        if (!(cause instanceof SluiceError)) throw cause;
        const [place = '', ...what] = cause.message.split(' ');
        return [{ severity: 'error', path: pathOfPlace(place), message: what.join(' ') }];
      }
    }),
};
