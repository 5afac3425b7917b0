import { getClassMetadata } from '@inversifyjs/core';
import { SluiceError } from '@sluice/core';
import type { Channel, ChannelHandler } from '@sluice/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Container, Newable, ServiceIdentifier } from 'inversify';
import { checkHandlerList } from './handler-list-check.ts';
import { handlerOptions } from './handler.ts';
import type { HandlerClass } from './handler.ts';

interface HandlerFactory {
  readonly name: string;
  make(): ChannelHandler;
}

/** A handler of a list could not be made. */
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
  readonly #factories: readonly HandlerFactory[];

  /** Throws a HandlerListError for a wrong list, a {@link HandlerResolutionError} when something is not bound. */
  constructor(container: Container, list: readonly HandlerClass[], listName = 'handlers') {
    checkHandlerList(list);
    this.#factories = list.map((handler) => compile(container, handler, listName));
  }

  assemble(channel: Channel): void {
    for (const factory of this.#factories) channel.pipeline.addLast(factory.name, factory.make());
  }

  /** The names in the pipeline, head first. */
  get names(): readonly string[] {
    return this.#factories.map(({ name }) => name);
  }
}

function compile(container: Container, handler: HandlerClass, listName: string): HandlerFactory {
  const { name, sharable } = handlerOptions(handler);
  const type = handler as Newable<ChannelHandler>;
  try {
    if (sharable) {
      const instance = container.get(type);
      return { name, make: () => instance };
    }
    const dependencies = dependenciesOf(type).map((identifier) => container.get(identifier));
    return { name, make: () => new type(...dependencies) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HandlerResolutionError(`${listName}: ${handler.name} could not be made: ${why}`, cause);
  }
}

function dependenciesOf(type: Newable<ChannelHandler>): readonly ServiceIdentifier[] {
  return getClassMetadata(type).constructorArguments.map((argument, index) => {
    if (!('value' in argument)) {
      throw new TypeError(`parameter ${index} has no token; write @inject(TOKEN) before it.`);
    }
    const { value } = argument as { value: LazyServiceIdentifier | ServiceIdentifier };
    return LazyServiceIdentifier.is(value) ? value.unwrap() : value;
  });
}
