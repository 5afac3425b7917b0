/** The project can't be made as it was asked for. The message says what to do. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}
