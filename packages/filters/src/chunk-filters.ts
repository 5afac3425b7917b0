import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import type { FilterEntry } from './filter-registry.ts';
import type { ChainFilter } from './filter.ts';
import type { HeldBody } from './held-body.ts';

/** The filters that want the pieces of a body, in the order in which they joined. */
export class ChunkFilters<M> {
  readonly #entries: FilterEntry<ChainFilter<M>>[] = [];
  #current: FilterEntry<ChainFilter<M>> | undefined = undefined;

  /** The filter that had the last piece: when {@link process} has thrown, the one that failed. */
  get current(): FilterEntry<ChainFilter<M>> | undefined {
    return this.#current;
  }

  /** A filter joins. What is held has passed the others, and passes this one now. */
  add(entry: FilterEntry<ChainFilter<M>>, message: M, held: HeldBody | undefined): void {
    this.#entries.push(entry);
    held?.change((chunk) => changed(entry.filter, message, chunk));
  }

  /** What is left of a piece; undefined when a filter dropped it. */
  process(message: M, chunk: HttpContent): HttpContent | undefined {
    let processed: HttpContent | undefined = chunk;
    for (const entry of this.#entries) {
      this.#current = entry;
      processed = changed(entry.filter, message, processed);
      if (processed === undefined) return undefined;
    }
    return processed;
  }
}

/** The end of the body can be changed but not dropped. */
function changed<M>(filter: ChainFilter<M>, message: M, chunk: HttpContent): HttpContent | undefined {
  const processed = filter.processContentChunk?.(message, chunk) ?? undefined;
  if (chunk.kind !== HttpKind.last || processed?.kind === HttpKind.last) return processed;
  return new LastHttpContent(processed?.data, (chunk as LastHttpContent).trailers, chunk.failure);
}
