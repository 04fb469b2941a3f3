import { describe, expect, it } from "vitest";
import type { CustomerConfig, DetailsField } from "../../src/api/types";
import { EMPTY_CUSTOMER } from "../../src/engine/customer";
import { readablePhone } from "../../src/engine/phone";
import { checkCustomer, checkDetail, customerFields, normalPhone } from "../../src/engine/validation";

const config = (email: "required" | "optional" | "hidden", address: "required" | "optional" | "hidden"): CustomerConfig => ({
  fields: { email, address },
  consent_text: "",
});

describe("a phone number", () => {
  it.each([
    ["(303) 555-0142", "US", "+13035550142"],
    ["1 303 555 0142", "US", "+13035550142"],
    ["32 12 34 56", "DK", "+4532123456"],
    ["+45 32 12 34 56", "US", "+4532123456"],
  ])("%s in %s is %s", (typed, country, normal) => expect(normalPhone(typed, country)).toBe(normal));
  it.each(["303 555", "call me", "303-555-0142 ext 5"])("%s is none", (typed) => expect(normalPhone(typed, "US")).toBeNull());
  it("reads as people write it", () => {
    expect(readablePhone("+13035550142")).toBe("(303) 555-0142");
    expect(readablePhone("+4532123456")).toBe("+45 32 12 34 56");
    expect(readablePhone("+442079460000")).toBe("+442079460000");
  });
});

describe("the customer's fields", () => {
  it("always ask for a name and a phone", () => {
    expect(customerFields(config("hidden", "hidden"))).toEqual(["name", "phone"]);
    expect(checkCustomer(config("hidden", "hidden"), "name", EMPTY_CUSTOMER, "US")).toBe("required");
  });
  it("let an optional e-mail be empty, but not wrong", () => {
    expect(checkCustomer(config("optional", "hidden"), "email", EMPTY_CUSTOMER, "US")).toBeNull();
    expect(checkCustomer(config("optional", "hidden"), "email", { ...EMPTY_CUSTOMER, email: "anna@" }, "US")).toBe("email");
  });
  it("want the whole of an optional address once it is begun", () => {
    const begun = { ...EMPTY_CUSTOMER, line1: "1620 Wazee St" };
    expect(checkCustomer(config("optional", "optional"), "city", EMPTY_CUSTOMER, "US")).toBeNull();
    expect(checkCustomer(config("optional", "optional"), "city", begun, "US")).toBe("required");
    expect(checkCustomer(config("optional", "optional"), "line2", begun, "US")).toBeNull();
  });
});

describe("a detail", () => {
  const field = (more: Partial<DetailsField>): DetailsField => ({ key: "k", label: "L", kind: "text", required: true, ...more });
  it("that is required is not filled by spaces", () => expect(checkDetail(field({}), "  ")).toBe("required"));
  it("may be too long", () => expect(checkDetail(field({ max_length: 3 }), "four")).toBe("too_long"));
  it("that must be ticked is wrong until it is", () => {
    expect(checkDetail(field({ kind: "checkbox" }), false)).toBe("required");
    expect(checkDetail(field({ kind: "checkbox" }), true)).toBeNull();
  });
  it.each([["12", null], ["-2,5", null], [" 7.25 ", null], ["about 12", "number"], ["1.2.3", "number"], ["", "required"]])(
    "that wants a number and gets “%s” says %s",
    (typed, rule) => expect(checkDetail(field({ kind: "number" }), typed)).toBe(rule),
  );
  it("of yes or no is an answer either way", () => {
    expect(checkDetail(field({ kind: "yes_no" }), "no")).toBeNull();
    expect(checkDetail(field({ kind: "yes_no" }), "")).toBe("required");
  });
});
