import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { translator, speak } from "../../src/i18n";
import { reasonOf } from "../../src/app/refusals";
import { ApiError } from "../../src/api/errors";
import { EMPTY_BOOKING, type BookingState } from "../../src/app/bookingReducer";
import { EMPTY_CUSTOMER } from "../../src/engine/customer";
import { FIRST } from "../../src/i18n/first";
import { LATER } from "../../src/i18n/later";
import { resolved } from "../support/flow";
import { FakeServer, NINE, TEN } from "../support/server";
import { Widget } from "../support/widget";

const READY: Partial<BookingState> = {
  zip: "80202",
  location: { id: "denver", name: "Denver" },
  path: ["a-drain"],
  serviceId: "drain",
  details: { symptom: "Slow sink" },
  date: "2099-12-01",
  time: { startAt: NINE, endAt: TEN, resource: null, wishedId: null, timezone: "America/Denver", lines: null },
  hold: { status: "held", id: "hold-0", expiresAt: "2099-12-01T00:00:00Z", skewMs: 0 },
  questions: [],
  customer: { ...EMPTY_CUSTOMER, name: "Signe", phone: "(303) 555-0199", line1: "1620 Wazee St", city: "Denver", postal_code: "80202" },
};

let server: FakeServer;
let widget: Widget;
beforeEach(async () => {
  await speak("da", FIRST, LATER);
  server = new FakeServer();
  widget = new Widget(server, "da");
});
afterEach(() => {
  widget.remove();
  document.documentElement.removeAttribute("lang");
});

describe("the widget in Danish", () => {
  it("says so to whoever reads it aloud", async () => {
    await widget.open();
    expect(widget.portal.querySelector("dialog")?.getAttribute("lang")).toBe("da");
    expect(widget.find("close")?.getAttribute("aria-label")).toBe("Luk");
  });
  it("answers a zip code in Danish", async () => {
    await widget.open();
    await widget.type("zip-input", "80202");
    expect(widget.find("zip-inside")?.textContent).toContain("Ja, vi kommer i 80202");
  });
  it("names days and times as Danes do", async () => {
    await widget.open({ index: 3, booking: { ...READY, time: null, hold: EMPTY_BOOKING.hold } });
    await widget.sees("tirsdag 1. december");
    await widget.sees("Formiddag");
    expect((await widget.get("day-2099-12-01")).getAttribute("aria-label")).toBe("tirsdag 1. december, få ledige tider");
  });
  it("says beside a field what to type", async () => {
    await widget.open({ index: 4, booking: { ...READY, customer: EMPTY_CUSTOMER } });
    await widget.press("primary-action");
    await widget.sees("Skriv dit navn.");
  });
  it("books, and says what comes next", async () => {
    await widget.open({ index: 5, booking: READY });
    await vi.waitFor(() => expect(widget.find("book")?.textContent).toBe("Book tirsdag kl. 9.00"));
    await widget.press("book");
    await widget.sees("Din tid er booket");
    expect((await widget.get("manage-link")).getAttribute("href")).toContain("?language=da");
  });
  it("words a refusal itself, by its code", async () => {
    server.refuse("/checkout", 409, "SELECTION_MISMATCH");
    await widget.open({ index: 5, booking: READY });
    await widget.press("book");
    await widget.sees("Det lykkedes ikke. Dine svar fører til en anden ydelse. Vælg igen.");
  });
  it("says something Danish of a refusal that it does not know", async () => {
    server.refuse("/checkout", 409, "SOMETHING_NEW");
    await widget.open({ index: 5, booking: READY });
    await widget.press("book");
    await widget.sees("Det lykkedes ikke. Prøv igen om lidt.");
    expect(widget.text()).not.toContain("Plain words.");
  });
  it("marks the field that the server refuses, in Danish", async () => {
    server.refuse("/checkout", 400, "VALIDATION_ERROR", { errors: { customer: { phone: ["This is not a phone number."] } } });
    await widget.open({ index: 5, booking: READY });
    await widget.press("book");
    await widget.sees("Se lige på det her igen.");
  });
});

describe("a page that speaks no language of the widget's", () => {
  it("has it in the business's", async () => {
    const here = resolved();
    here.organization.locale = "da-DK";
    server.answer((sent) => (sent.path.endsWith("/resolve") ? { body: here } : undefined));
    widget.remove();
    widget = new Widget(server, null);
    await widget.open();
    expect(widget.find("close")?.getAttribute("aria-label")).toBe("Luk");
  });
  it("has it in English where the business's is none of them either", async () => {
    const here = resolved();
    here.organization.locale = "de-DE";
    server.answer((sent) => (sent.path.endsWith("/resolve") ? { body: here } : undefined));
    widget.remove();
    widget = new Widget(server, null);
    await widget.open();
    expect(widget.find("close")?.getAttribute("aria-label")).toBe("Close");
  });
});

describe("a refusal for its haste", () => {
  const refusal = (seconds: number) => new ApiError({ status: 429, code: "RATE_LIMITED", detail: "That was a bit fast.", retry_after: seconds });

  it("says how long to wait, in the customer's language", () => {
    const danish = translator("da");
    const english = translator("en");
    expect(reasonOf(refusal(1), danish)).toBe("Det gik lidt for hurtigt. Vent 1 sekund, og prøv igen.");
    expect(reasonOf(refusal(30), english)).toBe("That was a bit fast. Wait 30 seconds and try again.");
    expect(reasonOf(refusal(150), danish)).toBe("Det gik lidt for hurtigt. Vent 3 minutter, og prøv igen.");
  });
});
