/** The content codings that are made here. */
export type ContentCoding = 'br' | 'gzip';

const WEIGHT = /^q=(?<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;
const UNWANTED = 0;

/**
 * The coding that a client prefers among those of `supported`, of which the first wins a tie (RFC
 * 9110 §12.5.3); undefined when it is best served with the body as it is. Nothing that a client
 * can say makes a response fail: who wants neither a coding nor none gets none.
 */
export function negotiateCoding(
  field: string,
  supported: readonly ContentCoding[],
): ContentCoding | undefined {
  const weights = weightsOf(field);
  const others = weights.get('*');
  // Without a word on it, having no coding is acceptable, and less wanted than any that was named.
  let bestWeight = weights.get('identity') ?? UNWANTED;
  let best: ContentCoding | undefined;
  for (const coding of supported) {
    const weight = weights.get(coding) ?? others ?? UNWANTED;
    const isBetter = best === undefined ? weight >= bestWeight : weight > bestWeight;
    if (weight === UNWANTED || !isBetter) continue;
    best = coding;
    bestWeight = weight;
  }
  return best;
}

function weightsOf(field: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of field.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = weightOf(parameters);
    if (name === '' || weight === undefined) continue;
    weights.set(canonicalName(name.toLowerCase()), weight);
  }
  return weights;
}

/** Undefined for one that is malformed: the coding counts as not named. */
function weightOf([parameter, ...others]: readonly string[]): number | undefined {
  if (parameter === undefined) return 1;
  const weight = WEIGHT.exec(parameter)?.groups?.['weight'];
  return weight === undefined || others.length > 0 ? undefined : Number(weight);
}

// RFC 9110 §8.4.1.3: x-gzip is the same.
function canonicalName(name: string): string {
  return name === 'x-gzip' ? 'gzip' : name;
}
