/** Copies of requests that are under way: one count over reloads, whatever becomes of the filter that makes them. */
export class MirroredRequests {
  active = 0;
}
