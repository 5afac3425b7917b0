import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ConfigCheck } from '@sluice/config';
import type { GatewayConfig } from '../gateway-config-schema.ts';

/** A place that no access log can be written to. A warning, for it is tried again, and requests are served without it. */
export const accessLogPlace: ConfigCheck<GatewayConfig> = {
  name: 'access-log-place',
  run: ({ accessLog: { destination } }) => {
    const fault =
      destination === 'off' || destination === 'stdout' ? undefined : faultOf(resolve(destination));
    if (fault === undefined) return [];
    const message = `found "${destination}", ${fault}; expected a file in a folder that there is.`;
    return [{ severity: 'warning', path: ['accessLog', 'destination'], message }];
  },
};

function faultOf(file: string): string | undefined {
  const folder = dirname(file);
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) return 'which is a folder';
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      return `but there is no folder ${folder}`;
    accessSync(there === undefined ? folder : file, constants.W_OK);
    return undefined;
  } catch (cause) {
    return `which this user can't write to (${(cause as NodeJS.ErrnoException).code})`;
  }
}
