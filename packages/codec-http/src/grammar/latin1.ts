/** The octets from `start` to `end` as text, one character each: HTTP/1 heads are latin1 in and out. */
export function latin1Slice(bytes: Buffer, start: number | undefined, end: number | undefined): string {
  return bytes.toString('latin1', start, end);
}

/**
 * Up to this length a loop is cheaper than the call into native code that `Buffer.write` makes: of some 1000
 * instructions, where a character in a loop takes 30. Text of 13 characters and more that was put together would
 * have to be made one piece for a loop as well.
 */
const SHORT_TEXT = 12;

/** Writes text at an offset, one octet for each character; returns the offset behind it. */
export function writeLatin1(target: Buffer, offset: number, text: string): number {
  const { length } = text;
  if (length > SHORT_TEXT) return offset + target.write(text, offset, 'latin1');
  for (let i = 0; i < length; i++) target[offset + i] = text.charCodeAt(i);
  return offset + length;
}

const MORE_THAN_ASCII = /[\u0080-\uffff]/;

/** Text as its UTF-8 octets, one character each: how what a declaration says goes into fields (RFC 9110 §5.5). */
export function utf8ToLatin1(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text whose UTF-8 octets the value of a field has; what is not UTF-8 becomes U+FFFD. */
export function latin1ToUtf8(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
}

/** Whether text is the same in Latin-1 and in UTF-8. */
export function isAscii(text: string): boolean {
  return !MORE_THAN_ASCII.test(text);
}
