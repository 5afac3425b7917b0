/** Says that a byte stream is not the HTTP/1.1 message that was due. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}
