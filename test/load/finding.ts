/** One thing that a program measured, beside the bound that it must keep. */
export type Finding = {
  /** Number of the bar in the list of reliability bars, or the issue's word for it. */
  bar: string;
  what: string;
  measured: string;
  bound: string;
  holds: boolean;
};

/** A figure that must not be above `most`. */
export function atMost(bar: string, what: string, value: number, most: number, unit = ''): Finding {
  const number = (figure: number): string => `${Number(figure.toFixed(2))}${unit === '' ? '' : ` ${unit}`}`;
  return { bar, what, measured: number(value), bound: `at most ${number(most)}`, holds: value <= most };
}

/** A figure that must be exactly this. */
export function exactly(bar: string, what: string, value: number | string, due: number | string): Finding {
  return { bar, what, measured: String(value), bound: String(due), holds: value === due };
}

/** A figure that has no bound; it stands there for the reader. */
export function noted(bar: string, what: string, measured: string): Finding {
  return { bar, what, measured, bound: '–', holds: true };
}
