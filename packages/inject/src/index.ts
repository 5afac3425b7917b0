export { checkHandlerList, HandlerListError } from './handler-list-check.ts';
export { Handler, handlerOptions, isHandlerClass } from './handler.ts';
export type { HandlerOptions } from './handler.ts';
export type { HandlerClass } from '@sluice/core';
export { HandlerResolutionError, PipelineAssembler } from './pipeline-assembler.ts';
export { describeHandler } from './describe-handler.ts';
export { injectedOptions } from './injected-options.ts';
export { resolveDependencies } from './handler-dependencies.ts';
export type { HandlerDescription } from './describe-handler.ts';
