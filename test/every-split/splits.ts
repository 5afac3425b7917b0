// Above this many bytes the places inside a field or body show nothing that their ends do not.
const ALL_UP_TO = 600;
const EDGE = 40;
const SAMPLES = 25;

/** Every way to cut a text in two; of a long one, near both ends, and samples between. */
export function twoPartSplits(text: string): readonly number[] {
  const places = Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => at + 1);
  if (text.length <= ALL_UP_TO || process.env['SLUICE_EVERY_SPLIT'] === 'all') return places;
  const step = Math.ceil(text.length / SAMPLES);
  return places.filter((at) => at <= EDGE || at >= text.length - EDGE || at % step === 0);
}
