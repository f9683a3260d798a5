/**
 * One page of a list. `next` asks for the page after it: send it back as `cursor`, with the other parameters as they
 * were. null: this was the last.
 */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
