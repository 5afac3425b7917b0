/** What is answered to a request. */
export interface AdminReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export function textReply(body: string, status = 200): AdminReply {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

export function jsonReply(value: unknown, status = 200): AdminReply {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value, undefined, 2)}\n` };
}
