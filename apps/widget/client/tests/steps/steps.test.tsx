import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_BOOKING, type BookingState } from "../../src/app/bookingReducer";
import { EMPTY_CUSTOMER } from "../../src/engine/customer";
import { FakeServer, hold, FIVE_PM, NINE, TEN } from "../support/server";
import { Widget } from "../support/widget";

const PLACE: Partial<BookingState> = { zip: "80202", location: { id: "denver", name: "Denver" } };
const SERVICE: Partial<BookingState> = { ...PLACE, path: ["a-drain"], serviceId: "drain", details: { symptom: "Slow sink", pets: true } };
const TIME: Partial<BookingState> = {
  ...SERVICE,
  date: "2099-12-01",
  time: { startAt: NINE, endAt: TEN, resource: null, wishedId: null, timezone: "America/Denver", lines: null },
  hold: { status: "held", id: "hold-0", expiresAt: "2099-12-01T00:00:00Z", skewMs: 0 },
};
const PERSON: Partial<BookingState> = {
  ...TIME,
  questions: [],
  customer: { ...EMPTY_CUSTOMER, name: "Anna Larsen", phone: "(303) 555-0199", email: "anna@example.com", line1: "1620 Wazee St", city: "Denver", postal_code: "80202" },
};

let server: FakeServer;
let widget: Widget;
beforeEach(() => {
  server = new FakeServer();
  widget = new Widget(server);
});
afterEach(() => widget.remove());

describe("the zip code step", () => {
  it("answers as the fifth digit lands", async () => {
    await widget.open();
    await widget.type("zip-input", "8020");
    expect(widget.find("zip-inside")).toBeNull();
    await widget.type("zip-input", "80202");
    expect(widget.find("zip-inside")?.textContent).toContain("Yes, we serve 80202");
  });
  it("offers the phone and another try outside the area", async () => {
    await widget.open();
    await widget.type("zip-input", "80301");
    expect(widget.find("zip-outside")?.textContent).toContain("We don’t serve 80301 yet");
    expect(widget.find<HTMLAnchorElement>("call")?.getAttribute("href")).toBe("tel:+13035550142");
    await widget.press("primary-action");
    expect(widget.find<HTMLInputElement>("zip-input")?.value).toBe("");
  });
  it("says what is missing when pressed too early", async () => {
    await widget.open();
    await widget.type("zip-input", "80");
    await widget.press("primary-action");
    await widget.sees("Type your whole zip code (5 characters).");
  });
});

describe("the service selection step", () => {
  it("groups the answers, and asks on", async () => {
    await widget.open({ index: 1, booking: PLACE });
    await widget.sees("Water");
    await widget.press("choice-a-hot");
    await widget.sees("Gas or electric?");
    await widget.sees("Look for a flame.");
  });
  it("leads back to an earlier question by its chip and by Back", async () => {
    await widget.open({ index: 1, booking: PLACE });
    await widget.press("choice-a-hot");
    widget.portal.querySelector<HTMLElement>(".trail button")?.click();
    await widget.sees("What do you need?");
    await widget.press("choice-a-hot");
    await widget.press("back");
    await widget.sees("What do you need?");
  });
  it("goes on by itself once the service is found", async () => {
    await widget.open({ index: 1, booking: PLACE });
    await widget.press("choice-a-hot");
    await widget.press("choice-a-gas");
    await widget.sees("A few details");
    expect(widget.draft?.booking.serviceId).toBe("heater");
  });
  it("says what a direct answer costs", async () => {
    await widget.open({ index: 1, booking: PLACE });
    expect((await widget.get("choice-a-drain")).textContent).toContain("1 h · $149");
  });
});

describe("the details step", () => {
  it("stays until what is required is filled in", async () => {
    await widget.open({ index: 2, booking: { ...SERVICE, details: {} } });
    await widget.press("primary-action");
    await widget.sees("Please fill this in.");
    await widget.type("field-symptom", "Slow sink");
    await widget.press("primary-action");
    await widget.sees("Pick a time");
  });
});

describe("what a details step can ask", () => {
  it("wants yes or no as one of two, and a number as one", async () => {
    await widget.open({ index: 2, booking: SERVICE });
    const urgent = await widget.get<HTMLSelectElement>("field-urgent");
    expect([...urgent.options].map((option) => option.text)).toEqual(["Choose…", "Yes", "No"]);
    const age = await widget.get<HTMLInputElement>("field-age");
    expect(age.inputMode).toBe("decimal");
    await widget.type("field-age", "about ten");
    await widget.press("primary-action");
    await widget.sees("Type a number, such as 12 or 2.5.");
    await widget.type("field-age", "10");
    await widget.press("primary-action");
    await widget.sees("Pick a time");
  });
  it("shows on the summary what was chosen, in words", async () => {
    await widget.open({ index: 5, booking: { ...SERVICE, details: { symptom: "Slow sink", urgent: "no", age: "10" } } });
    await widget.sees("Is it urgent? No");
    await widget.sees("How old is it? 10");
  });
});

describe("the time step", () => {
  it("preselects the next free day and groups its times", async () => {
    await widget.open({ index: 3, booking: SERVICE });
    await widget.get(`time-${NINE}`);
    await widget.sees("Morning");
    await widget.sees("Evening");
    expect((await widget.get("day-2099-12-01")).getAttribute("aria-label")).toBe("Tuesday, December 1, few times left");
    expect((await widget.get<HTMLButtonElement>("day-2099-12-02")).disabled).toBe(true);
  });
  it("holds the time that is chosen, and says until when", async () => {
    await widget.open({ index: 3, booking: SERVICE });
    await widget.press(`time-${NINE}`);
    await widget.sees(/Held for you until \d/);
    expect(server.to("/holds")[0]?.body).toMatchObject({ service_id: "drain", location_id: "denver", start_at: NINE });
    expect(server.to("/holds")[0]?.token).toBe("token");
  });
  it("gives the earlier time back before it holds another", async () => {
    await widget.open({ index: 3, booking: SERVICE });
    await widget.press(`time-${NINE}`);
    await widget.sees("Held for you");
    await widget.press(`time-${TEN}`);
    await widget.until(() => server.to("/holds").length === 2);
    const paths = server.sent.map((sent) => sent.path).filter((path) => path.startsWith("/holds"));
    expect(paths).toEqual(["/holds", "/holds/hold-1/release", "/holds"]);
    expect(server.to("/holds")[0]?.key).not.toBe(server.to("/holds")[1]?.key);
  });
  it("offers what is close when the time has just been taken", async () => {
    server.refuse("/holds", 409, "SLOT_FULL", { alternatives: [{ start_at: TEN, end_at: TEN, slot_id: null }] }, 1);
    await widget.open({ index: 3, booking: SERVICE });
    await widget.press(`time-${NINE}`);
    const alternatives = await widget.get("alternatives");
    await widget.sees(/9:00.AM has just been taken/);
    alternatives.querySelector("button")?.click();
    await widget.sees("Held for you");
    expect(server.to("/holds")[1]?.body?.start_at).toBe(TEN);
  });
  it("shows a choice of times, the same for this visitor, and all of them on demand", async () => {
    server.fewTimes = true;
    await widget.open({ index: 3, booking: SERVICE });
    await widget.get(`time-${NINE}`);
    expect(widget.find(`time-${TEN}`)).toBeNull();
    await widget.press("more-times");
    await widget.get(`time-${TEN}`);
    expect(widget.find("more-times")).toBeNull();
    const reads = server.to("/scheduler/date-timeslots");
    expect(reads.map((sent) => [sent.query.get("more"), sent.token])).toEqual([[null, "token"], ["1", "token"]]);
    await widget.until(() => document.activeElement?.getAttribute("role") === "group");
  });
  it("offers no more where a day has no more", async () => {
    await widget.open({ index: 3, booking: SERVICE });
    await widget.get(`time-${NINE}`);
    expect(widget.find("more-times")).toBeNull();
  });
  it("shows times without a session, too", async () => {
    server.refuse("/sessions", 503, "INTERNAL_ERROR");
    await widget.open({ index: 3, booking: SERVICE });
    await widget.get(`time-${NINE}`);
    expect(server.to("/scheduler/date-timeslots")[0]?.token).toBeNull();
  });
  it("asks for one person's times only", async () => {
    await widget.open({ index: 3, booking: SERVICE });
    await widget.press("resource-anna");
    expect(widget.find(`time-${TEN}`)).toBeNull();
    await widget.press(`time-${FIVE_PM}`);
    await widget.until(() => server.to("/holds").length === 1);
    expect(server.to("/holds")[0]?.body?.resource_id).toBe("anna");
  });
  it("does not ask for a person who does not work on the chosen day", async () => {
    await widget.open({ index: 3, booking: { ...SERVICE, wished: { id: "gone", name: "Gone" } } });
    await widget.press(`time-${NINE}`);
    await widget.until(() => server.to("/holds").length === 1);
    expect(server.to("/holds")[0]?.body).not.toHaveProperty("resource_id");
  });
  it("takes one tap to try again when the hold has ended", async () => {
    const past = new Date(Date.now() - 1000).toISOString();
    server.answer((sent) =>
      sent.path === "/holds/h" ? { body: { ...hold("h", NINE), status: "expired", expires_at: past } } : undefined,
    );
    await widget.open({ index: 3, booking: { ...TIME, hold: { status: "held", id: "h", expiresAt: past, skewMs: 0 } } });
    await widget.sees("That hold has ended. It may still be free.");
    await widget.press("hold-again");
    await widget.sees(/Held for you until/);
  });
});

describe("the customer step", () => {
  it("says beside the field what to type, once it was left", async () => {
    await widget.open({ index: 4, booking: TIME });
    await widget.type("customer-phone", "303");
    await widget.leaveField("customer-phone");
    await widget.sees("Type the whole number with its area code, like (303) 555-0142.");
  });
  it("brings the right keyboards", async () => {
    await widget.open({ index: 4, booking: TIME });
    const phone = await widget.get<HTMLInputElement>("customer-phone");
    expect(phone.type).toBe("tel");
    expect(phone.getAttribute("autocomplete")).toBe("tel");
    expect((await widget.get("address-line1")).getAttribute("autocomplete")).toBe("address-line1");
  });
  it("records which field changed, never what was typed", async () => {
    await widget.open({ index: 4, booking: TIME });
    await widget.type("customer-name", "Anna Secret");
    await widget.leaveField("customer-name");
    widget.find("close")?.click();
    await widget.press("leave");
    const events = JSON.stringify(server.sent.filter((sent) => sent.path.endsWith("/events")));
    expect(events).not.toContain("Secret");
  });
});

describe("the summary step", () => {
  it("shows everything, and says what the button does", async () => {
    await widget.open({ index: 5, booking: PERSON });
    for (const text of ["Drain clearing", "Tuesday, December 1", "1620 Wazee St", "Anna Larsen", "What happens? Slow sink", "$149", "Free to cancel."]) {
      await widget.sees(text);
    }
    expect((await widget.get("book")).textContent).toMatch(/^Book Tuesday 9:00.AM$/);
  });
  it("comes back after one line was edited", async () => {
    await widget.open({ index: 5, booking: PERSON });
    await widget.press("edit-you");
    await widget.type("customer-name", "Anna L.");
    await widget.press("primary-action");
    await widget.sees("Anna L.");
    await widget.get("book");
  });
  it("books once, however often it is pressed", async () => {
    await widget.open({ index: 5, booking: PERSON });
    const button = await widget.get("book");
    button.click();
    button.click();
    button.click();
    expect((await widget.get("reference")).textContent).toBe("WB-7K3M9Q");
    expect(server.to("/checkout")).toHaveLength(1);
    expect(server.to("/checkout")[0]?.body).toMatchObject({
      hold_ids: ["hold-0"],
      customer: { name: "Anna Larsen", phone: "+13035550199", address: { postal_code: "80202" }, preferences: { email: true, sms: true } },
      details: { symptom: "Slow sink", pets: "yes" },
      selection: { flow_version_id: "version-3", node_ids: ["q-need", "a-drain"] },
    });
  });
  it("keeps the same key when the answer was lost on the way", async () => {
    let lost = 1;
    server.answer((sent) => (sent.path === "/checkout" && lost-- > 0 ? "no network" : undefined));
    await widget.open({ index: 5, booking: PERSON });
    await widget.press("book");
    await widget.get("reference");
    const keys = server.to("/checkout").map((sent) => sent.key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
  it("goes back to the field that the server does not accept", async () => {
    server.refuse("/checkout", 400, "VALIDATION_ERROR", { errors: { customer: { phone: ["This number cannot be called."] } } }, 1);
    await widget.open({ index: 5, booking: PERSON });
    await widget.press("book");
    await widget.sees("This number cannot be called.");
    await widget.get("customer-phone");
  });
  it("offers the time again when the hold has ended meanwhile", async () => {
    server.refuse("/checkout", 410, "HOLD_EXPIRED", {}, 1);
    await widget.open({ index: 5, booking: PERSON });
    await widget.press("book");
    await widget.sees("That hold has ended. It may still be free.");
  });
});

describe("after booking", () => {
  it("offers the calendars", async () => {
    await widget.open({ index: 5, booking: PERSON });
    await widget.press("book");
    expect((await widget.get("calendar-google")).getAttribute("href")).toContain("calendar.google.com");
    expect((await widget.get("calendar-ics")).getAttribute("download")).toBe("appointment.ics");
  });
});

describe("when something is in the way", () => {
  it("falls to the phone when the session cannot begin, and tries again", async () => {
    server.refuse("/sessions", 500, "INTERNAL", {}, 1);
    await widget.open();
    await widget.sees("Give us a call");
    await widget.press("retry");
    await widget.get("zip-input");
  });
  it("falls to the phone when nothing is published", async () => {
    server.refuse("/booking-flow-routers/resolve", 404, "NO_FLOW");
    await widget.open();
    await widget.sees("Online booking is not available right now");
  });
  it("asks before a held time is given up, and gives it back", async () => {
    await widget.open({ index: 4, booking: TIME });
    await widget.get("customer-name");
    await widget.press("close");
    expect(widget.closed).toBe(false);
    await widget.press("leave");
    expect(widget.closed).toBe(true);
    await widget.until(() => server.to("/holds/hold-0/release").length === 1);
  });
  it("keeps what was typed for the next opening", async () => {
    await widget.open();
    await widget.type("zip-input", "80202");
    await widget.press("close");
    expect(widget.draft?.booking).toEqual({ ...EMPTY_BOOKING, ...PLACE });
    expect(widget.draft?.openOn).toBeNull();
  });
});
