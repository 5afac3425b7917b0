import { AttributeKey } from '@sluice/core';

/** Bytes of the bodies of the exchange that a channel is in, without framing; kept until after its CompleteEvent. */
export class HttpBodySizes {
  /** Of the request, as far as it was received. */
  inbound = 0;
  /** Of the response, as far as it was written. */
  outbound = 0;

  reset(): void {
    this.inbound = 0;
    this.outbound = 0;
  }
}

/** Where the HttpBodySizeRecordingChannelHandler keeps its numbers. */
export const HTTP_BODY_SIZES: AttributeKey<HttpBodySizes> = AttributeKey.valueOf('sluice.http-body-sizes');
