import type { SessionContext } from "../api/types";
import { deviceZone } from "../i18n/format";

const UTM = ["source", "medium", "campaign", "term", "content"] as const;

/** Where this visit comes from and on what, as the funnel counts it. */
export function sessionContext(page: Location, referrer: string, width: number): SessionContext {
  const query = new URLSearchParams(page.search);
  const utm: SessionContext["utm"] = {};
  for (const name of UTM) {
    const value = query.get(`utm_${name}`);
    if (value) utm[name] = value.slice(0, 200);
  }
  return {
    url: page.href,
    referrer,
    utm,
    device: width < 640 ? "phone" : width < 1024 ? "tablet" : "desktop",
    language: navigator.language || "en",
    timezone: deviceZone(),
  };
}
