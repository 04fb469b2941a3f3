import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_BOOKING, type BookingState } from "../../src/app/bookingReducer";
import type { CheckoutQuestion } from "../../src/api/types";
import { EMPTY_CUSTOMER } from "../../src/engine/customer";
import { resolved } from "../support/flow";
import { FakeServer, hold, NINE, TEN } from "../support/server";
import { Widget } from "../support/widget";

const PLACE: Partial<BookingState> = { zip: "80202", location: { id: "denver", name: "Denver" } };
const DRAIN: Partial<BookingState> = { ...PLACE, path: ["a-drain"], serviceId: "drain", details: { symptom: "Slow sink" } };
const BOTH: Partial<BookingState> = {
  ...DRAIN,
  visit: [{ path: ["a-drain"], serviceId: "drain" }],
  path: ["a-hot", "a-gas"],
  serviceId: "heater",
};
const HELD: Partial<BookingState> = {
  ...DRAIN,
  time: { startAt: NINE, endAt: TEN, resource: null, wishedId: null, timezone: "America/Denver", lines: null },
  hold: { status: "held", id: "hold-0", expiresAt: "2099-12-01T00:00:00Z", skewMs: 0 },
  customer: { ...EMPTY_CUSTOMER, name: "Anna Larsen", phone: "(303) 555-0199", line1: "1620 Wazee St", city: "Denver", postal_code: "80202" },
};
const PARKING: CheckoutQuestion = {
  id: "parking", text: "Can we park?", help_text: "", kind: "yes_no", options: [], required: true, service_id: null,
};

let server: FakeServer;
let widget: Widget;
beforeEach(() => {
  server = new FakeServer();
  widget = new Widget(server);
});
afterEach(() => widget.remove());

function allowSeveral(): void {
  server.answer((sent) => {
    if (!sent.path.endsWith("/resolve")) return undefined;
    const body = resolved();
    for (const step of body.flow.steps) if (step.step_type === "service_selection") step.type_config.allow_several = true;
    return { body };
  });
}

describe("a visit of several services", () => {
  it("shows what was chosen before it goes on", async () => {
    allowSeveral();
    await widget.open({ index: 1, booking: PLACE });
    await widget.press("choice-a-drain");
    await widget.sees("Your visit");
    expect((await widget.get("visit-0")).textContent).toContain("1 h · $149");
  });
  it("walks the conversation again for each, and sums them up", async () => {
    allowSeveral();
    await widget.open({ index: 1, booking: DRAIN });
    await widget.press("add-service");
    await widget.sees("What do you need?");
    await widget.press("choice-a-hot");
    await widget.press("choice-a-gas");
    expect((await widget.get("visit-1")).textContent).toContain("Water heater repair");
    expect((await widget.get("visit-total")).textContent).toMatch(/2 h 30 min.*\$278\.50/);
  });
  it("comes back to the visit when the other one is not wanted after all", async () => {
    allowSeveral();
    await widget.open({ index: 1, booking: DRAIN });
    await widget.press("add-service");
    await widget.press("back");
    await widget.get("visit-0");
    expect(widget.find("visit-1")).toBeNull();
  });
  it("lets a service be taken out again, down to none", async () => {
    allowSeveral();
    await widget.open({ index: 1, booking: BOTH });
    await widget.press("remove-0");
    expect((await widget.get("visit-0")).textContent).toContain("Water heater repair");
    expect(widget.find("visit-1")).toBeNull();
    await widget.press("remove-0");
    await widget.sees("What do you need?");
  });
  it("asks for times of all of them, one after the other", async () => {
    await widget.open({ index: 3, booking: BOTH });
    await widget.get(`time-${NINE}`);
    for (const path of ["/scheduler/month-availability", "/scheduler/date-timeslots"]) {
      const query = server.to(path)[0]?.query;
      expect(query?.getAll("service_id")).toEqual(["drain", "heater"]);
      expect(query?.get("mode")).toBe("chain");
    }
    await widget.press("same-person");
    await widget.until(() => server.to("/scheduler/month-availability").some((sent) => sent.query.get("same_person") === "true"));
  });
  it("holds the visit with the people who were shown, and says who does what when", async () => {
    await widget.open({ index: 3, booking: BOTH });
    expect((await widget.get(`time-${NINE}`)).textContent).toContain("Anna, Bo");
    await widget.press(`time-${NINE}`);
    await widget.sees("Held for you");
    expect(server.to("/holds")[0]?.body).toMatchObject({
      services: [{ service_id: "drain", resource_id: "anna" }, { service_id: "heater", resource_id: "bo" }],
      mode: "chain", same_person: false, start_at: NINE,
    });
    const itinerary = (await widget.get("itinerary")).textContent ?? "";
    expect(itinerary).toMatch(/9:00.AM – 10:00.AM.*Drain clearing.*with Anna Berg.*then 10 min to wait/);
    expect(itinerary).toMatch(/10:10.AM – 11:40.AM.*Water heater repair.*with Bo Lind/);
  });
  it("gives back what was held for another choice of services", async () => {
    allowSeveral();
    await widget.open({ index: 3, booking: BOTH });
    await widget.press(`time-${NINE}`);
    await widget.sees("Held for you");
    await widget.press("back");
    await widget.press("back");
    await widget.press("remove-1");
    await widget.press("primary-action");
    await widget.press("primary-action");
    await widget.press(`time-${TEN}`);
    await widget.until(() => server.to("/holds").length === 2);
    expect(server.to("/holds/hold-1/release")).toHaveLength(1);
    expect(server.to("/holds")[1]?.body).toMatchObject({ service_id: "drain" });
  });
  it("shows each line with its price, and the total", async () => {
    const lines = [
      { service_id: "drain", resource: { id: "anna", name: "Anna Berg" }, periods: [{ start_at: NINE, end_at: TEN }] },
      { service_id: "heater", resource: { id: "bo", name: "Bo Lind" }, periods: [{ start_at: TEN, end_at: "2099-12-01T18:30:00Z" }] },
    ];
    const time = { startAt: NINE, endAt: TEN, resource: null, wishedId: null, timezone: "America/Denver", lines };
    await widget.open({ index: 5, booking: { ...HELD, ...BOTH, time, questions: [] } });
    await widget.sees(/Service 1 of 2.*Drain clearing.*Anna Berg.*\$149/);
    await widget.sees(/Service 2 of 2.*Water heater repair.*Bo Lind.*\$129\.50/);
    expect((await widget.get("price")).textContent).toBe("$278.50");
  });
});

describe("what checkout asks", () => {
  it("must be answered before it goes on, and is booked with the rest", async () => {
    server.questions = [PARKING];
    await widget.open({ index: 4, booking: HELD });
    await widget.get("questions");
    await widget.press("primary-action");
    await widget.sees("Choose one.");
    await choose("field-parking", "no");
    await widget.press("primary-action");
    await widget.sees("Can we park? No");
    await widget.press("book");
    await widget.get("reference");
    expect(server.to("/checkout")[0]?.body?.answers).toEqual({ parking: false });
  });
  it("says beside the question what the server does not accept", async () => {
    server.questions = [{ ...PARKING, kind: "text" }];
    server.refuse("/checkout", 400, "VALIDATION_ERROR", { errors: { "answers.parking": ["Say a little more."] } }, 1);
    await widget.open({ index: 5, booking: { ...HELD, questions: server.questions, answers: { parking: "Yes" } } });
    await widget.press("book");
    await widget.sees("Say a little more.");
    expect((await widget.get<HTMLInputElement>("field-parking")).value).toBe("Yes");
  });
  it("asks how the customer wants to hear of it", async () => {
    await widget.open({ index: 4, booking: HELD });
    const sms = await widget.get<HTMLInputElement>("prefer-sms");
    sms.click();
    await widget.press("primary-action");
    await widget.press("book");
    await widget.get("reference");
    expect(server.to("/checkout")[0]?.body?.customer).toMatchObject({ preferences: { email: true, sms: false } });
  });
  it("ends with the link to manage the visit, in the language that it was booked in", async () => {
    await widget.open({ index: 5, booking: { ...HELD, questions: [] } });
    await widget.press("book");
    expect((await widget.get("manage-link")).getAttribute("href")).toBe("https://api.test/manage/secret?language=en");
  });
});

describe("the last minute of a hold", () => {
  /** Held for 50 seconds more, which the server says, too, when the widget asks after a reload. */
  const soon = (): Partial<BookingState> => {
    const expiresAt = new Date(Date.now() + 50_000).toISOString();
    server.answer((sent) =>
      sent.path === "/holds/hold-0" ? { body: { ...hold("hold-0", NINE), expires_at: expiresAt } } : undefined,
    );
    return { ...HELD, hold: { status: "held", id: "hold-0", expiresAt, skewMs: 0 } };
  };
  it("offers more time", async () => {
    await widget.open({ index: 4, booking: soon() });
    await widget.press("hold-refresh");
    await widget.sees("Held for you until");
    expect(server.to("/holds/hold-0/refresh")).toHaveLength(1);
  });
  it("says so when there is no more to be had", async () => {
    server.refuse("/holds/hold-0/refresh", 409, "HOLD_REFRESH_LIMIT", { limit: 3 });
    await widget.open({ index: 4, booking: soon() });
    await widget.press("hold-refresh");
    await widget.sees("This time can’t be kept any longer.");
    expect(widget.find("hold-refresh")).toBeNull();
  });
});

describe("the waitlist", () => {
  const open = async (): Promise<void> => {
    server.full = true;
    await widget.open({ index: 3, booking: { ...DRAIN, customer: { ...EMPTY_CUSTOMER, name: "Anna Larsen", phone: "(303) 555-0199" } } });
    await widget.press("join-waitlist");
    await widget.sees("Wait for a free time");
  };
  it("is offered only where the business keeps one", async () => {
    server.answer((sent) => {
      if (!sent.path.endsWith("/resolve")) return undefined;
      const body = resolved();
      body.organization.waitlist_open = false;
      return { body };
    });
    server.full = true;
    await widget.open({ index: 3, booking: DRAIN });
    await widget.sees(/Nothing is free/);
    expect(widget.find("join-waitlist")).toBeNull();
  });
  it("is joined for some days and a time of the day", async () => {
    await open();
    await widget.type("first-date", "2099-12-01");
    await widget.type("last-date", "2099-12-20");
    await widget.press("wait-afternoon");
    await widget.press("wait");
    await widget.sees("You’re on the waitlist");
    expect(server.to("/waitlist")[0]?.body).toMatchObject({
      location_id: "denver", services: [{ service_id: "drain" }], party_size: 1,
      first_date: "2099-12-01", last_date: "2099-12-20", earliest_time: "12:00", latest_time: "16:59",
      customer: { name: "Anna Larsen", phone: "+13035550199" },
    });
  });
  it("needs days that are still to come", async () => {
    await open();
    await widget.type("last-date", "2020-01-01");
    await widget.press("wait");
    await widget.sees("Choose a day that is still to come, not before the first.");
    expect(server.to("/waitlist")).toHaveLength(0);
  });
  it.each([
    ["ALREADY_WAITING", "You are on the waitlist for this already."],
    ["WAITLIST_NOT_OPEN", "There is no waitlist at the moment. Please call us."],
  ])("says %s in plain words and keeps what was typed", async (code, words) => {
    server.refuse("/waitlist", 409, code);
    await open();
    await widget.press("wait");
    await widget.sees(words);
    expect((await widget.get<HTMLInputElement>("customer-name")).value).toBe("Anna Larsen");
  });
  it("is left by Back, to the times", async () => {
    await open();
    await widget.press("back");
    await widget.sees("Pick a time");
  });
});

it("reads a draft of an earlier build, which knew of no several services", async () => {
  const { visit: _visit, questions: _questions, ...old } = { ...EMPTY_BOOKING, ...DRAIN };
  await widget.open({ index: 3, booking: old });
  await widget.get(`time-${NINE}`);
});

async function choose(testid: string, value: string): Promise<void> {
  const select = await widget.get<HTMLSelectElement>(testid);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 0));
}
