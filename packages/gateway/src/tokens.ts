import type { Logger } from '@sluice/core';
import type { ServiceIdentifier } from 'inversify';

/** For handlers and filters that log: `@inject(LOGGER) logger: Logger`. */
export const LOGGER: ServiceIdentifier<Logger> = Symbol.for('@sluice/gateway:logger');
