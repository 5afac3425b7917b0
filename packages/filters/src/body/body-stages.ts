import { HttpContent, HttpKind, LastHttpContent } from '@sluice/codec-http';
import { BodyTransform } from './body-transform.ts';
import type { TransformOwner } from './body-transform.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { ChainFilter } from '../declaration/filter.ts';
import type { HttpMessage } from '../message/http-message.ts';
import { kindOf } from '../message/kind-of.ts';

/** Where the pieces of a body go that have passed the stages. */
export interface StageOutput<M> {
  readonly message: M;
  /** Whether more of what a transform gives is wanted now. */
  readonly wantsMore: boolean;
  onProcessed(chunk: HttpContent): void;
  /** A transform has given something by itself: nobody else will flush it. */
  onFlush(): void;
  onStageFailure(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void;
  /** {@link BodyStages.isFull} may have changed. */
  onTaken(): void;
}

interface Stage<M> {
  readonly entry: FilterEntry<ChainFilter<M>>;
  transform: BodyTransform | undefined;
  /** Whether the end has passed it. */
  isEnded: boolean;
}

/** The filters that want the body of a message, in the order in which they joined. */
export class BodyStages<M extends HttpMessage> {
  readonly #output: StageOutput<M>;
  readonly #stages: Stage<M>[] = [];
  #isOver = false;

  constructor(output: StageOutput<M>) {
    this.#output = output;
  }

  /** Whether one of them has not taken what has come, so that the sender should wait. */
  get isFull(): boolean {
    return this.#stages.some(({ transform }) => transform?.isFull);
  }

  /** A filter joins behind the others. Throws what its transform throws. */
  add(entry: FilterEntry<ChainFilter<M>>): void {
    const stage: Stage<M> = { entry, transform: undefined, isEnded: false };
    if (entry.filter.transformBody !== undefined)
      stage.transform = this.#transform(stage, this.#stages.length);
    this.#stages.push(stage);
  }

  /** A piece passes all of them. */
  process(chunk: HttpContent): void {
    this.#pass(chunk, 0);
  }

  /** A piece that has passed the others passes the one that joined last. */
  processNewest(chunk: HttpContent): void {
    this.#pass(chunk, this.#stages.length - 1);
  }

  /** There is room: transforms are asked for more, the one nearest to the room first. */
  resume(): void {
    for (let at = this.#stages.length - 1; at >= 0; at--) this.#stages[at]?.transform?.pull();
  }

  cancel(): void {
    this.#isOver = true;
    for (const { transform } of this.#stages) transform?.cancel();
  }

  #pass(chunk: HttpContent, from: number): void {
    let piece = chunk;
    for (let at = from; at < this.#stages.length; at++) {
      const stage = this.#stages[at];
      if (stage === undefined || stage.isEnded || this.#isOver) return;
      // What comes with the end tells of the body as it was before this filter.
      if (piece.kind === HttpKind.last && !stage.entry.keepsBody)
        this.#output.message.outdate((piece as LastHttpContent).trailers);
      if (stage.transform !== undefined) {
        stage.transform.push(piece);
        return;
      }
      const processed = this.#processed(stage, piece);
      if (processed === undefined) return;
      if (isSeveral(processed)) {
        for (const one of processed) this.#passBehind(stage, one, at);
        return;
      }
      if (processed.kind === HttpKind.last) stage.isEnded = true;
      piece = processed;
    }
    this.#output.onProcessed(piece);
  }

  #passBehind(stage: Stage<M>, chunk: HttpContent, at: number): void {
    if (chunk.kind === HttpKind.last) stage.isEnded = true;
    this.#pass(chunk, at + 1);
  }

  #processed({ entry }: Stage<M>, chunk: HttpContent): HttpContent | readonly HttpContent[] | undefined {
    try {
      const processed = entry.filter.processContentChunk?.(this.#output.message, chunk) ?? undefined;
      if (entry.keepsBody) return chunk;
      requirePieces(processed);
      return chunk.kind === HttpKind.last ? ended(processed, chunk as LastHttpContent) : processed;
    } catch (cause) {
      this.#output.onStageFailure(entry, cause);
      return undefined;
    }
  }

  #transform(stage: Stage<M>, at: number): BodyTransform {
    const { entry } = stage;
    const { message } = this.#output;
    const { name, timeoutMs, filter } = entry;
    const transform = (
      body: AsyncIterable<HttpContent>,
    ): ReturnType<NonNullable<typeof filter.transformBody>> => {
      if (filter.transformBody === undefined)
        throw new TypeError(`The filter ${name} has lost transformBody.`);
      return filter.transformBody(message, body);
    };
    return new BodyTransform(
      message.context.channel,
      { name, timeoutMs, transform },
      this.#ownerOf(stage, at),
    );
  }

  #ownerOf(stage: Stage<M>, at: number): TransformOwner {
    const output = this.#output;
    const stages = this.#stages;
    return {
      get wantsMore(): boolean {
        const next = stages.slice(at + 1).find(({ transform }) => transform !== undefined);
        return next?.transform === undefined ? output.wantsMore : !next.transform.isFull;
      },
      onTransformed: (chunk) => {
        this.#passBehind(stage, chunk, at);
        output.onFlush();
      },
      onTransformFailure: (cause) => output.onStageFailure(stage.entry, cause),
      onTaken: () => {
        for (let before = at - 1; before >= 0; before--) stages[before]?.transform?.pull();
        output.onTaken();
      },
    };
  }
}

function isSeveral(processed: HttpContent | readonly HttpContent[]): processed is readonly HttpContent[] {
  return Array.isArray(processed);
}

/** Untyped code may return anything. */
function requirePieces(processed: unknown): void {
  const pieces: readonly unknown[] = Array.isArray(processed) ? processed : [processed];
  const other = pieces.find((piece) => piece !== undefined && !(piece instanceof HttpContent));
  if (other !== undefined)
    throw new TypeError(`Expected an HttpContent from processContentChunk, found ${kindOf(other)}.`);
}

/** The end of the body can be changed but not dropped. */
function ended(
  processed: HttpContent | readonly HttpContent[] | undefined,
  { trailers, failure }: LastHttpContent,
): HttpContent | readonly HttpContent[] {
  if (processed === undefined) return new LastHttpContent(undefined, trailers, failure);
  if (isSeveral(processed)) {
    const hasEnd = processed.some(({ kind }) => kind === HttpKind.last);
    return hasEnd ? processed : [...processed, new LastHttpContent(undefined, trailers, failure)];
  }
  if (processed.kind === HttpKind.last) return processed;
  return new LastHttpContent(processed.data, trailers, failure);
}
