import { loadConfigFile, showFindings } from '../config/load-config-file.ts';

const EXIT_WARNINGS = 1;

/** Checks a configuration file and starts nothing. Ends the program with 0; with 1 when there are warnings alone. */
export async function check(path: string): Promise<void> {
  const { config } = await loadConfigFile(path);
  if (config.warnings.length === 0) {
    console.log(`${path} is good.`);
    return;
  }
  console.error(showFindings(config.warnings));
  console.error(config.warnings.length === 1 ? '1 warning.' : `${config.warnings.length} warnings.`);
  process.exitCode = EXIT_WARNINGS;
}
