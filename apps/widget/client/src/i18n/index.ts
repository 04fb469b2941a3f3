import { en } from "./en";
import type { enLater } from "./en.later";
import type { enPages } from "./en.pages";

/*
 * Every text of the widget goes through here. A locale is the keys of en.ts and en.later.ts in two files of its own,
 * named in LOCALES and in locales.later.ts; a text that it lacks falls back to English.
 */

export type FirstKey = keyof typeof en;
export type LaterKey = keyof typeof enLater;
export type PageKey = keyof typeof enPages;
export type MessageKey = FirstKey | LaterKey | PageKey;
export type Messages = Record<MessageKey, string>;
export type Params = Record<string, string | number>;
export type Translate = (key: MessageKey, params?: Params) => string;

const LOCALES: Record<string, Partial<Messages>> = { en: { ...en } };

/** Adds the texts that are fetched with the later steps. */
export function addMessages(language: string, messages: Partial<Messages>): void {
  LOCALES[language] = { ...LOCALES[language], ...messages };
}

export function translator(locale: string): Translate {
  const language = locale.slice(0, 2).toLowerCase();
  return (key, params) => fill(LOCALES[language]?.[key] ?? LOCALES.en?.[key] ?? key, params);
}

function fill(text: string, params: Params | undefined): string {
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text;
}
