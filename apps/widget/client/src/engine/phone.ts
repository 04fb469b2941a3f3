/** A number as people read it: (303) 555-0142 in North America, pairs in the north of Europe. */
export function readablePhone(number: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (american) return `(${american[1]}) ${american[2]}-${american[3]}`;
  const nordic = /^\+(45|47)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(number);
  return nordic ? `+${nordic.slice(1).join(" ")}` : number;
}
