/** Every icon there is, as the back office serves them: paths by name, and what people call them. */
export interface Icons {
  paths: Record<string, string>;
  /** The words by which an icon is found, beside its name. */
  words: Record<string, string>;
}

interface Sent {
  icons: Record<string, string>;
  meanings: Record<string, string[]>;
}

const asked = new Map<string, Promise<Icons>>();

/** Asks once; a failure is asked again the next time. */
export function iconsFrom(url: string): Promise<Icons> {
  const before = asked.get(url);
  if (before) return before;
  const answer = fetch(url, { credentials: "same-origin" }).then(async (response) => {
    if (!response.ok) throw new Error(`icons: ${response.status}`);
    return iconsOf((await response.json()) as Sent);
  });
  answer.catch(() => asked.delete(url));
  asked.set(url, answer);
  return answer;
}

export function iconsOf(sent: Sent): Icons {
  const words: Record<string, string> = {};
  for (const [meaning, names] of Object.entries(sent.meanings)) {
    for (const name of names) words[name] = `${words[name] ?? ""} ${meaning}`;
  }
  return { paths: sent.icons, words };
}
