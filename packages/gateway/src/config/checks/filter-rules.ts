import type { CheckFinding, ConfigCheck } from '@sluice/config';
import type { Newable } from 'inversify';
import type { ComponentRegistry } from '../component-registry.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';

/** What a filter itself refuses of options that are good one by one, such as a file that is not there. */
export function filterRules({ filters: known }: ComponentRegistry): ConfigCheck<GatewayConfig> {
  return {
    name: 'filter-rules',
    run: ({ filters }) =>
      filters.flatMap((entry, at): readonly CheckFinding[] => {
        const isName = typeof entry === 'string';
        const definition = known.get(isName ? entry : entry.name);
        if (definition?.options === undefined) return [];
        const values = isName ? {} : (entry.options ?? {});
        const fault = definition.faultOf?.(new (definition.options as Newable<object>)(values));
        if (fault === undefined) return [];
        const { option, message } = fault;
        const path = ['filters', at, ...(option in values ? ['options', option] : [])];
        return [{ severity: 'error', path, message }];
      }),
  };
}
