/** Says whether the gateway can serve requests. Bind another in its place; this one always can. */
export class Readiness {
  /** A rejection counts as no. */
  isReady(): boolean | Promise<boolean> {
    return true;
  }
}
