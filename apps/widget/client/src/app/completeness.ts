import type { CheckoutQuestion, Step } from "../api/types";
import { isComplete, walk } from "../engine/graph";
import { fieldOf } from "../engine/questions";
import { checkCustomer, checkDetail, customerFields, type Rule } from "../engine/validation";
import { checkZip } from "../engine/zip";
import type { BookingState } from "./bookingReducer";

/** Whether a step has all that it needs, so that an edit from the summary may skip it. */
export function stepComplete(step: Step, booking: BookingState, country: string): boolean {
  switch (step.step_type) {
    case "zipcode":
      return checkZip(step.type_config, booking.zip).status === "inside";
    case "service_selection":
      return isComplete(walk(step.type_config, booking.path));
    case "details":
      return step.type_config.fields.every((field) => checkDetail(field, booking.details[field.key]) === null);
    case "timeslot":
      return booking.time !== null && booking.hold.status === "held";
    case "customer":
      return customerFields(step.type_config).every(
        (field) => !booking.refused[field] && checkCustomer(step.type_config, field, booking.customer, country) === null,
      ) && booking.questions?.every((question) => questionRule(booking, question) === null) === true;
    case "summary":
      return booking.confirmed !== null;
  }
}

/** The rule that the answer to a question of checkout breaks, or null. */
export function questionRule(booking: BookingState, question: CheckoutQuestion): Rule | null {
  return checkDetail(fieldOf(question), booking.answers[question.id]);
}
