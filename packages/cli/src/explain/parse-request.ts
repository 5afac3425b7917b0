import { UsageError } from '../command-line/usage-error.ts';

/** A request that somebody asks about. */
export interface AskedRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Where it is sent to; 443 or 80 when the URL does not say. */
  readonly port: number;
  /** Host and, if need be, port: of the Host field where one is given, else of the URL. */
  readonly authority: string;
  /** Path and query as they were written, or host and port for CONNECT. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The options of the command line about a request. */
export interface RequestArguments {
  readonly url: string | undefined;
  /** A method, a URL, or both with a space between. */
  readonly request: string | undefined;
  readonly headers: readonly string[];
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const METHOD = /^[!#$%&'*+.^_`|~\w-]+$/;
const FIELD = /^(?<name>[!#$%&'*+.^_`|~\w-]+):[ \t]*(?<value>[^\r\n\0]*?)[ \t]*$/;
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z\d+.-]*:\/\//i;
const URL_PARTS =
  /^(?:(?<scheme>https?):\/\/)?(?<authority>(?!https?:\/)[^/?#@\s]+)(?<target>[/?][^#\s]*)?(?:#\S*)?$/i;

/** The request that the options speak of; undefined without any of them. Throws a {@link UsageError}. */
export function parseRequest({ url, request, headers }: RequestArguments): AskedRequest | undefined {
  const { method, where } = methodAndUrl(request, url);
  if (where === undefined) {
    if (method === undefined && headers.length === 0) return undefined;
    throw new UsageError('Which request? Give a URL too, like http://shop.example/cart.');
  }
  const { scheme = 'http', authority = '', target = '/' } = URL_PARTS.exec(where)?.groups ?? {};
  if (authority === '' || OTHER_SCHEME.test(where)) throw wrongUrl(where);
  const fields = headers.map(parseField);
  const host = fields.find(([name]) => name.toLowerCase() === 'host');
  const isTunnel = method === 'CONNECT';
  const isTls = scheme.toLowerCase() === 'https';
  const port = /:(?<port>\d+)$/.exec(authority)?.groups?.['port'] ?? (isTls ? HTTPS_PORT : HTTP_PORT);
  return {
    method: method ?? 'GET',
    scheme: isTls ? 'https' : 'http',
    port: Number(port),
    authority: host?.[1] ?? authority,
    // What stands before "?" may be empty (RFC 9112 §3.2.1): it is sent as "/".
    target: isTunnel ? authority : target.replace(/^\?/, '/?'),
    headers: fields.filter((field) => field !== host),
  };
}

function methodAndUrl(
  request = '',
  url: string | undefined,
): { readonly method: string | undefined; readonly where: string | undefined } {
  const [first, second, ...rest] = request.split(/\s+/).filter(Boolean);
  const isUrl = first !== undefined && second === undefined && !METHOD.test(first);
  const [method, own] = isUrl ? [undefined, first] : [first, second];
  if (rest.length > 0 || (method !== undefined && !METHOD.test(method))) {
    throw new UsageError(`--request takes a method, a URL, or both like 'GET http://a/b'; got "${request}".`);
  }
  if (own !== undefined && url !== undefined) throw new UsageError(`There are two URLs: ${own} and ${url}.`);
  return { method, where: own ?? url };
}

function parseField(text: string): readonly [string, string] {
  const { name, value } = FIELD.exec(text)?.groups ?? {};
  if (name === undefined || value === undefined)
    throw new UsageError(`--header takes 'Name: value'; got "${text}".`);
  return [name, value];
}

function wrongUrl(text: string): UsageError {
  const hint = /^\/(?!\/)/.test(text) ? ` Put a host before it: http://shop.example${text}` : '';
  return new UsageError(`A request has a URL like http://shop.example/cart; got "${text}".${hint}`);
}
