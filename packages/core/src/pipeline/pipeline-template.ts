import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandler } from './channel-handler.ts';
import type { HandlerMethods } from './handler-methods.ts';
import { hasOwnMethods, methodsOf } from './handler-methods.ts';

/** How a handler of a {@link PipelineTemplate} is called and made. */
export interface TemplateHandler {
  readonly name: string;
  /** Makes the handler of a channel; may give the same one each time when that is sharable. */
  readonly make: () => ChannelHandler;
}

/** @internal What is known of a handler, and is the same for all instances of a handler. */
export interface HandlerTemplate extends TemplateHandler {
  /** Undefined: instances carry methods of their own, so that each has to be looked at. */
  readonly methods: HandlerMethods | undefined;
  readonly isSharable: boolean;
}

/**
 * The handlers that the pipelines of many channels are filled with, head first. What does not
 * differ between channels is found out here, from one instance of each: its methods, and whether it
 * is sharable. Handlers that say that they are off are left out.
 */
export class PipelineTemplate {
  /** @internal */ readonly handlers: readonly HandlerTemplate[];

  /** Throws a {@link ChannelPipelineError} when two have the same name, and what `make` throws. */
  constructor(handlers: readonly TemplateHandler[]) {
    const names = new Set<string>();
    for (const { name } of handlers) {
      if (names.has(name)) throw new ChannelPipelineError(`Duplicate handler name: ${name}`);
      names.add(name);
    }
    this.handlers = handlers.flatMap(templateOf);
  }
}

function templateOf({ name, make }: TemplateHandler): readonly HandlerTemplate[] {
  const sample = make();
  if (sample.isOff === true) return [];
  const methods = hasOwnMethods(sample) ? undefined : methodsOf(sample);
  return [{ name, make, methods, isSharable: sample.sharable === true }];
}
