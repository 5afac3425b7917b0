/** A certificate and its key, in PEM. */
export type TlsFiles = { certFile: string; keyFile: string };

/** Where and how a proxy is to run. */
export type PeerSetting = {
  /** Port on 127.0.0.1 to listen on. */
  port: number;
  /** Port of the origin on 127.0.0.1. */
  originPort: number;
  /** Empty directory for its configuration and whatever else it writes. */
  directory: string;
  /** Whether it writes a line for each request. */
  accessLog: boolean;
  /** The certificate to speak TLS with; absent: plain HTTP. */
  tls: TlsFiles | undefined;
};

/** Whether a proxy can run on this machine: what it is exactly, or why it is left out. */
export type PeerCheck = { version: string } | { absent: string };

/** The program to start, without a shell. */
export type PeerCommand = { file: string; args: readonly string[] };

/** One proxy of the comparison. */
export interface Peer {
  /** Word for `--peer` and for the table. */
  readonly name: string;
  /** Whether it takes part in the scenarios over TLS. */
  readonly speaksTls: boolean;
  check(): PeerCheck;
  /** Writes what the proxy needs into `setting.directory` and says how to start it, in the foreground. */
  command(setting: PeerSetting): PeerCommand;
}
