import type { HttpHeaders } from '@sluice/codec-http';

/** Says that the response depends on a field of the request, unless it says so already (RFC 9110 §12.5.5). */
export function addVary(headers: HttpHeaders, field: string): void {
  if (headers.containsToken('vary', field) || headers.containsToken('vary', '*')) return;
  headers.add('vary', field);
}
