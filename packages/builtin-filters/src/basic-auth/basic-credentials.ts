const BASIC = /^basic +(?<token>[\w+/-]{1,1024}={0,2})$/i;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** What a client says of itself (RFC 7617 §2). */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/** The credentials in the value of an Authorization field; undefined for another scheme and for malformed ones. */
export function parseBasicCredentials(value: string): BasicCredentials | undefined {
  const token = BASIC.exec(value)?.groups?.['token'];
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || CONTROL_CHARACTER.test(text)) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
