/** Fired once when the peer has sent its last byte and the channel stays open for sending (`allowHalfClosure`). */
export class ChannelInputShutdownEvent {
  static readonly INSTANCE = new ChannelInputShutdownEvent();
}

/** Fired once when bytes are asked for after the peer has sent its last one. */
export class ChannelInputShutdownReadComplete {
  static readonly INSTANCE = new ChannelInputShutdownReadComplete();
}

/** Fired when the channel will send no more, but may still receive. */
export class ChannelOutputShutdownEvent {
  static readonly INSTANCE = new ChannelOutputShutdownEvent();
}
