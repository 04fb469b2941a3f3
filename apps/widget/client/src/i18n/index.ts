import { en } from "./en";
import type { enLater } from "./en-later";
import type { enPages } from "./en-pages";
import type { Language } from "./languages";
import type { Names, Plural, Text, Values } from "./messages";

/*
 * Every text of the widget goes through here. A language is three files: what the first steps say (en.ts, da.ts), what
 * the later ones say and what the pages say. A key that one of them lacks is a type error. English comes with the code
 * that says it; of another language each file is a chunk, and until it has come, or where it never does, English stands in.
 */

type English = typeof en & typeof enLater & typeof enPages;
export type MessageKey = keyof English;
/** Of texts that stand as they are. */
export type PlainKey = { [Key in MessageKey]: [Names<English[Key]>] extends [never] ? Key : never }[MessageKey];
type Messages = Partial<Record<MessageKey, Text>>;

export interface Translate {
  <Key extends MessageKey>(key: Key, ...values: Values<English[Key]>): string;
  readonly language: Language;
}

/** A part of each language but English, fetched when it is asked for. */
export type Others = Record<Exclude<Language, "en">, () => Promise<{ default: Messages }>>;

const TEXTS: Record<Language, Messages> = { en, da: {} };
const PATIENCE_MS = 5000;

/** Adds the texts that are fetched with a later part. */
export function addMessages(language: Language, messages: Messages): void {
  TEXTS[language] = { ...TEXTS[language], ...messages };
}

/** Resolves to the language once its texts are here; to English where they don't come. */
export async function speak(language: Language, ...parts: readonly Others[]): Promise<Language> {
  if (language === "en") return language;
  const coming = parts.map(async (others) => addMessages(language, (await others[language]()).default));
  const late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS));
  try {
    await Promise.race([Promise.all(coming), late]);
    return language;
  } catch {
    return "en";
  }
}

export function translator(language: Language): Translate {
  const rules = new Intl.PluralRules(language);
  const translate = (key: MessageKey, values: Partial<Record<string, string | number>> = {}): string => {
    const text = TEXTS[language][key] ?? TEXTS.en[key] ?? key;
    const form = typeof text === "string" ? text : text[rules.select(Number(values.count)) as keyof Plural];
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
  return Object.assign(translate, { language });
}
