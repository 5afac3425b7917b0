const LINE = /^(?<name>[a-zA-Z_][\w]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;

/** The samples of one scrape in the text format of Prometheus. */
export class Metrics {
  readonly #samples: readonly { name: string; labels: string; value: number }[];

  constructor(text: string) {
    this.#samples = text.split('\n').flatMap((line) => {
      const { name, labels, value } = LINE.exec(line)?.groups ?? {};
      return name === undefined ? [] : [{ name, labels: labels ?? '', value: Number(value) }];
    });
  }

  /** Sum of all samples of this name whose labels contain `labels`, like `reason="CLOSE"`. Throws when there is none. */
  sum(name: string, labels = ''): number {
    const found = this.#samples.filter((one) => one.name === name && one.labels.includes(labels));
    if (found.length === 0) throw new Error(`there is no metric ${name}{${labels}}`);
    return found.reduce((total, { value }) => total + value, 0);
  }

  /** All that count what is under way now and are not at 0, as `name{labels} value`; kept connections are not. */
  underWay(): string[] {
    return this.#samples
      .filter(({ name, value }) => UNDER_WAY.test(name) && value !== 0)
      .map(({ name, labels, value }) => `${name}{${labels}} ${value}`);
  }
}

const UNDER_WAY = /_current$|^connectionpool_inUse$/;

export async function readMetrics(port: number): Promise<Metrics> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  if (response.status !== 200) throw new Error(`/metrics was answered with ${response.status}`);
  return new Metrics(await response.text());
}
