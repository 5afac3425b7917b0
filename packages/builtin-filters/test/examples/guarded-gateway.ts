import {
  BasicAuthFilter,
  BasicAuthOptions,
  EarlyRateLimitFilter,
  RateLimitFieldsFilter,
  RateLimitFilter,
  RateLimitOptions,
  RequestIdFilter,
  RequestIdResponseFilter,
} from '@sluice/builtin-filters';
import type { FilterClass } from '@sluice/filters';
import { ContainerModule } from 'inversify';

/** Ten requests a second for each client, and a password for each. The order is seen to. */
export const filters: readonly FilterClass[] = [
  EarlyRateLimitFilter,
  RateLimitFilter,
  RateLimitFieldsFilter,
  BasicAuthFilter,
  RequestIdFilter,
  RequestIdResponseFilter,
];

/** For `new Gateway({ filters, modules, … })`. `hash`: what `hashPassword(password)` has made. */
export function optionsFor(hash: string): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(RateLimitOptions).toConstantValue(new RateLimitOptions({ maxTokens: 10, tokensPerFill: 10 }));
    bind(BasicAuthOptions).toConstantValue(new BasicAuthOptions({ users: [{ name: 'ada', hash }] }));
  });
}
