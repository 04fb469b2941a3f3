import type { Text } from "./messages";

/** The texts of the frame and of the first steps, in English; en-later.ts has the rest. */
export const en = {
  "frame.close": "Close",
  "frame.back": "Back",
  "frame.progress": "Progress",
  "frame.loading": "Loading",
  "frame.continue": "Continue",
  "zip.title": "Where do you need us?",
  "zip.label": "Zip code",
  "zip.inside": "Yes, we serve {zip}",
  "zip.outside": "We don’t serve {zip} yet",
  "zip.call": "Call us and we’ll tell you who can help near you.",
  "zip.again": "Try another zip code",
  "zip.incomplete": "Type your whole zip code ({length} characters).",

  "service.title": "How can we help?",
  "service.which": "Which one fits?",
  "service.path": "Your answers so far",
  "service.change": "Change: {answer}",
  "service.none": "Nothing to choose here right now.",

  "offline.text": "You’re offline. Nothing is lost: what you entered is kept.",
  "retry": "Retry",
  "fallback.title": "Book by phone",
  "fallback.text": "Online booking is not available right now. We’re glad to help by phone.",
  "fallback.closed": "Online booking is not available right now",
  "fallback.later": "Please try again in a moment.",
  "fallback.call": "Call {phone}",

  "weekdayTime": "{weekday} {time}",
  "minutes": "{count} min",
  "hours": "{count} h",
  "hoursMinutes": "{hours} h {minutes} min",
} as const satisfies Record<string, Text>;
