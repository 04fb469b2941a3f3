import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/i18n/english-later";
import "../../src/i18n/english-pages";
import { LinkApi, type ManagedBooking, type Offer, type Waiting } from "../../src/pages/api";
import { ManagePage } from "../../src/pages/ManagePage";
import { OfferPage } from "../../src/pages/OfferPage";
import type { Language } from "../../src/i18n/languages";
import { resolved } from "../support/flow";

const LATER = "2099-12-01T17:00:00Z";
const POSSIBLE = { possible: true, why_not: "", since: null, until: "2099-11-30T16:00:00Z" };
const NOT_NOW = { possible: false, why_not: "status", since: null, until: null };

function booking(changes: Partial<ManagedBooking> = {}): ManagedBooking {
  return {
    id: "b", reference: "WB-7K3M9Q", status: "confirmed", version: 1, confirmed_at: null, greeting: "Signe", party_size: 1, currency: "USD",
    start_at: "2099-12-01T16:00:00Z", end_at: LATER, location: { id: "denver", name: "Denver", timezone: "America/Denver" },
    resource: null, service_id: "drain", total_price: "149.00",
    lines: [{ service_id: "drain", title: "Drain clearing", price: "149.00", resource: { id: "anna", name: "Anna Berg" }, periods: [{ start_at: "2099-12-01T16:00:00Z", end_at: LATER }] }],
    cancel: POSSIBLE, reschedule: POSSIBLE, check_in: NOT_NOW, leave_waitlist: false, waiting: null, brand_kit: null,
    cancel_reasons: [{ value: "plans_changed", words: "My plans have changed" }, { value: "other", words: "Something else" }],
    organization: resolved().organization,
    ...changes,
  };
}

function offer(changes: Partial<Offer> = {}): Offer {
  const { lines, location, start_at, end_at } = booking();
  const now = Date.now();
  return {
    status: "open", booking_reference: "WB-7K3M9Q", business: "Front Range", organization: resolved().organization, brand_kit: null, lines, location, start_at, end_at, resource: null, service_id: "drain",
    party_size: 1, currency: "USD", manage_token: null, now: new Date(now).toISOString(), expires_at: new Date(now + 600_000).toISOString(), ...changes,
  };
}

interface Sent {
  method: string;
  path: string;
  body: unknown;
  key: string | null;
}

let portal: HTMLElement;
let sent: Sent[];
let answers: Record<string, { status?: number; body: unknown }>;

beforeEach(() => {
  portal = document.createElement("div");
  document.body.append(portal);
  sent = [];
  answers = {};
  vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
    const path = new URL(input, "http://localhost").pathname.replace("/v1", "");
    const { body } = init;
    const key = new Headers(init.headers).get("Idempotency-Key");
    sent.push({ method: init.method ?? "GET", path, body: typeof body === "string" ? JSON.parse(body) : null, key });
    const answer = answers[path] ?? { status: 404, body: { status: 404, code: "NOT_FOUND", detail: "No." } };
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
});
afterEach(() => {
  render(null, portal);
  portal.remove();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

const manage = (shown: ManagedBooking, language: Language | null = "en"): void => {
  answers["/bookings/manage/mb_1"] = { body: shown };
  render(<ManagePage api={new LinkApi("mb_1")} language={language} dress={() => undefined} />, portal);
};
const offered = (shown: Offer): void => {
  answers["/waitlist/offers/wo_1"] = { body: shown };
  render(<OfferPage api={new LinkApi("wo_1")} language="en" dress={() => undefined} />, portal);
};
const sees = (text: string | RegExp): Promise<void> => vi.waitFor(() => expect(portal.textContent).toMatch(text));
const press = async (testid: string): Promise<void> => {
  await vi.waitFor(() => expect(portal.querySelector(`[data-testid="${testid}"]`)).not.toBeNull());
  portal.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
};

describe("the page of a visit", () => {
  it("greets, and shows the visit line by line", async () => {
    manage(booking());
    await sees("Hello Signe, this is your visit");
    await sees(/9:00.AM – 10:00.AM.*Drain clearing.*with Anna Berg/);
    await sees("WB-7K3M9Q");
  });
  it("names the zone, and the time on the customer's clock, where these differ", async () => {
    manage(booking());
    await sees(/9:00.AM in Denver · 4:00.PM for you/);
  });
  it("says nothing of zones where the customer's clock shows the same time", async () => {
    manage(booking({ location: { id: "london", name: "London", timezone: "UTC" } }));
    await sees(/You can do this online until Monday, November 30, 4:00.PM\./);
    expect(portal.textContent).not.toContain("for you");
  });
  it("is over an hour after its end, also for whoever was checked in and is shown as here no more", async () => {
    manage(booking({ status: "checked_in", start_at: "2020-12-01T16:00:00Z", end_at: "2020-12-01T17:00:00Z" }));
    await sees("Your visit is over");
  });
  it("cancels with a reason, once it was asked twice", async () => {
    manage(booking());
    await press("cancel");
    await sees("Cancel your visit?");
    answers["/bookings/manage/mb_1/cancel"] = { body: {} };
    answers["/bookings/manage/mb_1"] = { body: booking({ status: "cancelled", version: 2, cancel: NOT_NOW, reschedule: NOT_NOW }) };
    await press("cancel-sure");
    await sees("Your visit is cancelled");
    const asked = sent.find((one) => one.path.endsWith("/cancel"));
    expect(asked?.body).toEqual({ reason: "other", expected_version: 1 });
    expect(asked?.key).toBeTruthy();
  });
  it("says until when it could be changed, and whom to call", async () => {
    const late = { possible: false, why_not: "too_late", since: null, until: "2099-11-30T16:00:00Z" };
    manage(booking({ cancel: late, reschedule: late }));
    await sees(/Online it could be cancelled until Monday, November 30, 9:00.AM, Denver time\./);
    await sees("Call (303) 555-0142 and we’ll see what we can do.");
    expect(portal.querySelector('[data-testid="cancel"]')).toBeNull();
  });
  it("keeps the old time and says why when the new one has gone", async () => {
    answers["/bookings/manage/mb_1/month"] = { body: { month: "2099-12", location_timezone: "America/Denver", days: [{ date: "2099-12-01", available: 2 }] } };
    answers["/bookings/manage/mb_1/times"] = { body: { date: "2099-12-01", location_timezone: "America/Denver", times: [{ start_at: LATER, end_at: LATER, people: ["Anna Berg"] }] } };
    answers["/bookings/manage/mb_1/reschedule"] = { status: 409, body: { status: 409, code: "SLOT_FULL", detail: "That time has just been taken." } };
    manage(booking());
    await press("reschedule");
    await press(`time-${LATER}`);
    await press("move");
    await sees("That did not go through. Somebody was quicker: this time is taken.");
  });
  it("says so where the link leads nowhere", async () => {
    render(<ManagePage api={new LinkApi("mb_2")} language="en" dress={() => undefined} />, portal);
    await sees("This link does not work");
  });
  it.each([
    ["pending", "We have your request"],
    ["waitlisted", "You are on the waitlist"],
    ["checked_in", "You are checked in"],
    ["expired", "This booking was not finished in time"],
    ["completed", "Your visit is over"],
  ])("has words for a visit that is %s", async (status, words) => {
    manage(booking({ status }));
    await sees(words);
  });
});

it("says that the waitlist was left", async () => {
  manage(booking({ status: "waitlisted", start_at: null, end_at: null, leave_waitlist: true, cancel: NOT_NOW, reschedule: NOT_NOW }));
  await press("leave-waitlist");
  await sees("You lose your place.");
  answers["/bookings/manage/mb_1/leave-waitlist"] = { body: {} };
  answers["/bookings/manage/mb_1"] = { body: booking({ status: "cancelled", version: 2, start_at: null, end_at: null, cancel: NOT_NOW, reschedule: NOT_NOW }) };
  await press("leave-sure");
  await sees("You have left the waitlist");
});

describe("the page of a visit in another language", () => {
  afterEach(() => document.documentElement.removeAttribute("lang"));

  it("is in the one that was booked in, and says so to the browser", async () => {
    manage(booking(), "da");
    await sees("Hej Signe, her er dit besøg");
    await sees(/tirsdag 1\. december\s*9\.00/);
    expect(document.documentElement.lang).toBe("da");
    await press("cancel");
    await sees("Noget andet");
    expect(portal.textContent).not.toContain("Something else");
  });
  it("is in the business's where nobody says which", async () => {
    manage(booking({ organization: { ...resolved().organization, locale: "da-DK" } }), null);
    await sees("Hej Signe");
  });
  it("is in English where nothing can be known", async () => {
    render(<ManagePage api={new LinkApi("mb_1")} language={null} dress={() => undefined} />, portal);
    await sees("This link does not work");
  });
});

describe("the page of somebody who waits", () => {
  const waiting = (changes: Partial<Waiting> = {}): ManagedBooking => {
    const wish = { first_date: "2099-12-01", last_date: "2099-12-05", earliest_time: null, latest_time: null, offer_token: null, ...changes };
    return booking({ status: "waitlisted", start_at: null, end_at: null, leave_waitlist: true, waiting: wish, cancel: NOT_NOW, reschedule: NOT_NOW });
  };
  it("says for which days and times", async () => {
    manage(waiting({ earliest_time: "12:00:00", latest_time: "17:30:00" }));
    await sees(/Tue, Dec 1 – Sat, Dec 5/);
    await sees(/12:00.PM – 5:30.PM/);
    expect(portal.querySelector('[data-testid="see-offer"]')).toBeNull();
  });
  it("leads to the time that is kept", async () => {
    manage(waiting({ last_date: "2099-12-01", offer_token: "wo_2" }));
    await sees("See the time that we keep for you");
    expect(portal.querySelector('[data-testid="see-offer"]')?.getAttribute("href")).toBe("/offers/wo_2");
    expect(portal.textContent).not.toMatch("–");
  });
});

describe("the page of an offer", () => {
  it("says how long it is kept, and takes it", async () => {
    offered(offer());
    await sees(/Kept for you until \d/);
    answers["/waitlist/offers/wo_1/accept"] = { body: {} };
    answers["/waitlist/offers/wo_1"] = { body: offer({ status: "accepted", manage_token: "mb_9" }) };
    await press("accept");
    await sees("It’s yours");
    expect(portal.querySelector('[data-testid="manage-link"]')?.getAttribute("href")).toBe("/manage/mb_9");
  });
  it("counts the last minute down", async () => {
    offered(offer({ expires_at: new Date(Date.now() + 30_000).toISOString() }));
    await sees(/Kept for you for 0:(29|30) more/);
  });
  it("says what becomes of the place in the line when it is let go, or has ended", async () => {
    offered(offer({ status: "lapsed" }));
    await sees("This offer has ended");
    await sees("You are still on the waitlist");
  });
});
