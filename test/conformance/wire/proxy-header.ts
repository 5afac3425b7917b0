/** Begins a connection that has nothing to do with a case, where a PROXY protocol header is due. */
export const VALID_HEADER = 'PROXY TCP4 192.0.2.99 198.51.100.2 1 2\r\n';
