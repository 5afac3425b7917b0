import { BUILTIN_FILTERS } from '@sluice/builtin-filters';
import { ComponentRegistry } from '@sluice/gateway/config';
import { ReadTimeoutHandler, WriteTimeoutHandler } from '@sluice/handler-idle-state';
import { originHandlers, serverHandlers, tlsServerHandlers } from '../reference/pipeline.ts';

/** What a configuration file of the reference gateway can name. */
export const components = new ComponentRegistry(
  { server: serverHandlers, tlsServer: tlsServerHandlers, origin: originHandlers },
  [ReadTimeoutHandler, WriteTimeoutHandler],
  BUILTIN_FILTERS,
);
