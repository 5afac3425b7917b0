import { PipelineTemplate, SluiceError } from '@sluice/core';
import type { Channel, ChannelHandler, HandlerClass, TemplateHandler } from '@sluice/core';
import type { Container, Newable } from 'inversify';
import { describeHandler } from './describe-handler.ts';
import type { HandlerDescription } from './describe-handler.ts';
import { resolveDependencies } from './handler-dependencies.ts';
import { checkHandlerList } from './handler-list-check.ts';
import { handlerOptions } from './handler.ts';

// The pipeline, which knows no decorators, goes by the field.
const NOT_SHARABLE =
  'its decorator says that it is sharable, its instance does not; write `readonly sharable = true`.';

/** A handler of a list could not be made. The message names the list, the handler and the parameter. */
export class HandlerResolutionError extends SluiceError {
  override readonly name = 'HandlerResolutionError';

  constructor(message: string, cause: unknown) {
    super('SLUICE_HANDLER_RESOLUTION', message, { cause });
  }
}

/**
 * A declared handler list, compiled: it fills the pipeline of each new channel.
 *
 * The container is asked here, once; a new channel costs one `new` for each handler that is not
 * sharable, with dependencies that are resolved already.
 */
export class PipelineAssembler {
  readonly #container: Container;
  readonly #list: readonly HandlerClass[];
  readonly #template: PipelineTemplate;

  /**
   * Throws a HandlerListError for a wrong list, a {@link HandlerResolutionError} when something is
   * not bound. `listName` is what the error calls the list.
   */
  constructor(container: Container, list: readonly HandlerClass[], listName = 'handlers') {
    checkHandlerList(list, listName);
    this.#container = container;
    this.#list = list;
    this.#template = new PipelineTemplate(list.map((handler) => compile(container, handler, listName)));
  }

  assemble(channel: Channel): void {
    channel.pipeline.fill(this.#template);
  }

  /** The names in the pipeline, head first. */
  get names(): readonly string[] {
    return this.#list.map((handler) => handlerOptions(handler).name);
  }

  /** The handlers as they run, head first: with the options that are bound in place of the defaults. */
  describe(): readonly HandlerDescription[] {
    return this.#list.map((handler) => {
      const described = describeHandler(handler);
      const bound = described.optionsClasses.map((type) => this.#container.get(type) as object);
      return { ...described, options: Object.assign({}, ...bound) as HandlerDescription['options'] };
    });
  }
}

function compile(container: Container, handler: HandlerClass, listName: string): TemplateHandler {
  const { name, sharable } = handlerOptions(handler);
  const type = handler as Newable<ChannelHandler>;
  try {
    const dependencies = resolveDependencies(container, type);
    if (!sharable) {
      // What a constructor refuses is told of at start, and not with each connection.
      void new type(...dependencies);
      return { name, make: maker(type, dependencies) };
    }
    const instance = container.get(type);
    if (instance.sharable !== true) throw new TypeError(NOT_SHARABLE);
    return { name, make: () => instance };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HandlerResolutionError(`${listName}: ${handler.name} could not be made: ${why}`, cause);
  }
}

// Most handlers take one argument or none; spreading them costs as much as making the handler.
function maker(type: Newable<ChannelHandler>, dependencies: readonly unknown[]): () => ChannelHandler {
  const [only] = dependencies;
  if (dependencies.length === 0) return () => new type();
  if (dependencies.length === 1) return () => new type(only);
  return () => new type(...dependencies);
}
