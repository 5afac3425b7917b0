/** Which direction was quiet for its whole idle time. */
export type IdleState = 'READER_IDLE' | 'WRITER_IDLE' | 'ALL_IDLE';

/**
 * Tells the handlers after the IdleStateHandler that nothing was read, written or both for the
 * whole idle time. It comes again each time as long passes; `isFirst` marks the first of them
 * since the last activity. Six shared constants are all there is.
 */
export class IdleStateEvent {
  static readonly FIRST_READER_IDLE = new IdleStateEvent('READER_IDLE', true);
  static readonly READER_IDLE = new IdleStateEvent('READER_IDLE', false);
  static readonly FIRST_WRITER_IDLE = new IdleStateEvent('WRITER_IDLE', true);
  static readonly WRITER_IDLE = new IdleStateEvent('WRITER_IDLE', false);
  static readonly FIRST_ALL_IDLE = new IdleStateEvent('ALL_IDLE', true);
  static readonly ALL_IDLE = new IdleStateEvent('ALL_IDLE', false);

  readonly state: IdleState;
  readonly isFirst: boolean;

  private constructor(state: IdleState, isFirst: boolean) {
    this.state = state;
    this.isFirst = isFirst;
  }

  /** The shared constant. */
  static of(state: IdleState, isFirst: boolean): IdleStateEvent {
    if (state === 'READER_IDLE') return isFirst ? this.FIRST_READER_IDLE : this.READER_IDLE;
    if (state === 'WRITER_IDLE') return isFirst ? this.FIRST_WRITER_IDLE : this.WRITER_IDLE;
    return isFirst ? this.FIRST_ALL_IDLE : this.ALL_IDLE;
  }

  /** `IdleStateEvent(READER_IDLE, first)`, or `IdleStateEvent(READER_IDLE)`. */
  toString(): string {
    return `IdleStateEvent(${this.state}${this.isFirst ? ', first' : ''})`;
  }
}
