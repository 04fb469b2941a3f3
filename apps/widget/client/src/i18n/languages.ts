/** What the widget speaks. English is in every part of it; another language is fetched where it is wanted. */
export type Language = "en" | "da";

/** "da-DK" → "da"; null of a language that the widget does not speak. */
export function languageOf(tag: string | null | undefined): Language | null {
  const [found] = /^(en|da)(?![a-z])/.exec(tag?.toLowerCase() ?? "") ?? [null];
  return found as Language | null;
}

/** The first of these that the widget speaks, or null. */
export function firstSpoken(tags: readonly (string | null | undefined)[]): Language | null {
  return tags.map(languageOf).find(Boolean) ?? null;
}

/**
 * What a visitor of this page reads: what the page asks for, else the page's own language, else the first of the
 * browser's that there is. Null where none of them says; then the business does.
 */
export function pageLanguage(asked: string | null): Language | null {
  return firstSpoken([asked, document.documentElement.lang, ...navigator.languages]);
}
