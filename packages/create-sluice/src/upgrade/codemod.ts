/** A change that a release made to the API, as it is made in the text of a project's files. */
export interface Codemod {
  /** The release that brings the change. A project on it, or on a later one, has it already. */
  readonly version: string;
  /** What is so from then on, for the person whose project it is. */
  readonly what: string;
  /** The files that it is for, by their path in the project. */
  readonly files: RegExp;
  /** The text as it is from then on. The same text when there is nothing to change, and for what it returned. */
  readonly apply: (text: string) => string;
}

/** An export that is gone, and for which a person has to choose something else. */
export interface Removal {
  readonly version: string;
  readonly from: string;
  readonly name: string;
  /** What to take in its place. */
  readonly instead: string;
}
