/** How many requests a server of an origin has got, as the admin listener at `port` says. */
export async function serverRequests(port: number, origin: string, server: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/clusters`, { headers: { connection: 'close' } });
  const prefix = `${origin}::${server}::rq_total::`;
  const line = (await response.text()).split('\n').find((one) => one.startsWith(prefix));
  if (line === undefined) throw new Error(`/clusters has no ${prefix}`);
  return Number(line.slice(prefix.length));
}
