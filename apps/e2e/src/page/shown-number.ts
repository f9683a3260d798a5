/** A number as the page writes it: digits in groups of three, a true minus. */
export const shownNumber = (text: string | undefined): number =>
  Number((text ?? '').replaceAll(',', '').replace('−', '-'));
