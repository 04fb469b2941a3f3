import { useEffect, useMemo, useState } from "preact/hooks";
import type { Words } from "../app/words";
import { speak, translator } from "../i18n";
import { FIRST } from "../i18n/first";
import { formatter } from "../i18n/format";
import { languageOf, type Language } from "../i18n/languages";
import { LATER } from "../i18n/later";
import { PAGES } from "../i18n/pages";

/**
 * A page's words, or null until their language is here. Where nobody has said which (`asked`), it is the business's: that
 * of its locale, once that is known; English where it cannot be known, because nothing could be loaded.
 */
export function usePageWords(asked: Language | null, business: string | null, failed: boolean): Words | null {
  const [language, setLanguage] = useState<Language | null>(null);
  const wanted = asked ?? languageOf(business) ?? (business || failed ? "en" : null);
  useEffect(() => {
    if (wanted) void speak(wanted, FIRST, LATER, PAGES).then(setLanguage);
  }, [wanted]);
  useEffect(() => {
    if (language) document.documentElement.lang = language;
  }, [language]);
  return useMemo(() => {
    if (!language) return null;
    const t = translator(language);
    return { t, format: formatter(business ?? language, t) };
  }, [language, business]);
}
