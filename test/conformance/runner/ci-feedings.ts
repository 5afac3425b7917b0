import { FEEDINGS, type Feeding } from '../wire/feeding.ts';

/** The feedings of a test run: whole and byte by byte, or all four with `SLUICE_CONFORMANCE_FEEDINGS=all`. */
export function ciFeedings(): readonly Feeding[] {
  return process.env['SLUICE_CONFORMANCE_FEEDINGS'] === 'all' ? FEEDINGS : ['whole', 'bytes'];
}
