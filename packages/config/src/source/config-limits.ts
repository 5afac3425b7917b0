/** What a configuration may take; all of it has defaults that no honest file reaches. */
export class ConfigLimits {
  /** Of one file. */
  readonly maxFileBytes: number = 1024 * 1024;
  /** Of the file of a secret. */
  readonly maxSecretBytes: number = 64 * 1024;
  /** Files, with those that are included. */
  readonly maxFiles: number = 256;
  /** Values in all files together; each alias counts with all that it stands for. */
  readonly maxValues: number = 200_000;
  /** Values that aliases stand for, in all files together. */
  readonly maxAliasedValues: number = 10_000;
  /** Maps and lists within each other. */
  readonly maxDepth: number = 64;
}
