import type { en } from "./en";
import type { Keys, Translated } from "./messages";

/** The texts of the frame and of the first steps, in Danish; da-later.ts has the rest. */
const da = {
  "frame.close": "Luk",
  "frame.back": "Tilbage",
  "frame.progress": "Fremskridt",
  "frame.loading": "Henter",
  "frame.continue": "Fortsæt",
  "zip.title": "Hvor skal vi komme?",
  "zip.label": "Postnummer",
  "zip.inside": "Ja, vi kommer i {zip}",
  "zip.outside": "Vi kommer ikke i {zip} endnu",
  "zip.call": "Ring til os, så finder vi en, der kan hjælpe nær dig.",
  "zip.again": "Prøv et andet postnummer",
  "zip.incomplete": "Skriv hele postnummeret ({length} tegn).",

  "service.title": "Hvad kan vi hjælpe med?",
  "service.which": "Hvad passer bedst?",
  "service.path": "Det har du svaret",
  "service.change": "Skift: {answer}",
  "service.none": "Der er ikke noget at vælge lige nu.",

  "offline.text": "Du er offline. Det, du har skrevet, er gemt.",
  "retry": "Prøv igen",
  "fallback.title": "Book på telefonen",
  "fallback.text": "Du kan ikke booke online lige nu. Vi hjælper dig gerne på telefonen.",
  "fallback.closed": "Du kan ikke booke online lige nu",
  "fallback.later": "Prøv igen om lidt.",
  "fallback.call": "Ring {phone}",

  "weekdayTime": "{weekday} kl. {time}",
  "minutes": "{count} min.",
  "hours": { one: "{count} time", other: "{count} timer" },
  "hoursMinutes": "{hours} t. {minutes} min.",
} as const satisfies Keys<typeof en>;

export default da satisfies Translated<typeof en, typeof da>;
