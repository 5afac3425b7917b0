/**
 * Fired by the HttpServerCodec when the client has sent its last byte while something that it has sent
 * ahead waits for the request in hand: a client that has gone looks the same. The
 * `ChannelInputShutdownEvent` follows when that is over.
 */
export class InputShutdownAheadEvent {
  static readonly INSTANCE: InputShutdownAheadEvent = new InputShutdownAheadEvent();
}
