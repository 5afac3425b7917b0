/** What is wrong with the options of a filter, and with which of them. */
export interface OptionFault {
  readonly option: string;
  readonly message: string;
}
