/**
 * Runs a program of the harness for its command line and resolves to the exit code: that of `run`, 0 after the help,
 * 2 with what is wrong and the usage on standard error when `parse` throws.
 */
export async function runCommand<Options extends { readonly help: boolean }>(
  parse: () => Options,
  usage: string,
  run: (options: Options) => Promise<number>,
): Promise<number> {
  let options: Options;
  try {
    options = parse();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (!options.help) return run(options);
  console.log(usage);
  return 0;
}
