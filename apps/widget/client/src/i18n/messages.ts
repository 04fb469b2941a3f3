/** Forms of a text that counts something: all that Intl.PluralRules knows for our languages. Its `count` chooses. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** With names in braces, which are filled with values. */
export type Text = string | Plural;

/** "Held until {time}" → "time". */
type NamesIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
export type Names<T extends Text> = T extends string ? NamesIn<T> : T extends Plural ? "count" | NamesIn<T["one"] | T["other"]> : never;

/** What must be given beside the key of a text: nothing, or a value for each of its names. */
export type Values<T extends Text> = [Names<T>] extends [never] ? [] : [values: { [Name in Names<T>]: Name extends "count" ? number : string | number }];

/** The same keys in another language. */
export type Keys<English> = Record<keyof English, Text>;

/** The texts in another language, none of which lacks a value that the English one has, or wants one more. */
export type Translated<English extends Record<string, Text>, Other extends Keys<English>> = {
  [Key in keyof English]: Names<English[Key]> | Names<Other[Key]> extends Names<English[Key]> & Names<Other[Key]> ? Text : never;
};
