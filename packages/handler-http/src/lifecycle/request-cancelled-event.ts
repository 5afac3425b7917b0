/** Fired to the filters when the client has taken its request back and the connection goes on. */
export class RequestCancelledEvent {
  static readonly INSTANCE: RequestCancelledEvent = new RequestCancelledEvent();
}
