export { checkHandlerList, HandlerListError } from './handler-list-check.ts';
export { Handler, handlerOptions } from './handler.ts';
export type { HandlerClass, HandlerOptions } from './handler.ts';
export { HandlerResolutionError, PipelineAssembler } from './pipeline-assembler.ts';
