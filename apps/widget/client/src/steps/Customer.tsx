import type { CustomerStep } from "../api/types";
import { focusFirstError } from "../app/focus";
import { HoldNotice } from "../app/HoldNotice";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { usePerson } from "../app/usePerson";
import { useQuestions } from "../app/useQuestions";
import type { StepProps } from "./registry";

/** Who it is for, what the business must know before, and how they want to hear of it. */
export function Customer({ step }: StepProps<CustomerStep>) {
  const { navigation, controller, t } = useStore();
  const config = step.type_config;
  const person = usePerson(config, step.id);
  const questions = useQuestions(step.id);
  const press = (): void => {
    // Both show their errors; the first of them is where to go on.
    const wrong = [person.firstWrong(), questions.firstWrong()].find((id) => id !== null);
    if (wrong) focusFirstError(wrong);
    else controller.next();
  };
  return (
    <Screen
      title={step.step_config.title || t("you.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      notice={<HoldNotice />}
      action={{ label: t("frame.continue"), onPress: press, disabled: !questions.ready }}
    >
      {person.fields}
      {questions.view}
      <Ways withEmail={config.fields.email !== "hidden"} />
      {config.consent_text && <p class="fine">{config.consent_text}</p>}
    </Screen>
  );
}

/** How to hear about this visit. */
function Ways({ withEmail }: { withEmail: boolean }) {
  const { booking, dispatch, t } = useStore();
  const { sms, email } = booking.preferences;
  return (
    <fieldset class="ways">
      <legend class="label">{t("you.ways")}</legend>
      <label class="check">
        <input type="checkbox" data-testid="prefer-sms" checked={sms} onChange={(event) => dispatch({ type: "preferred", preferences: { sms: event.currentTarget.checked } })} />
        <span>{t("you.sms")}</span>
      </label>
      {withEmail && (
        <label class="check">
          <input type="checkbox" data-testid="prefer-email" checked={email} onChange={(event) => dispatch({ type: "preferred", preferences: { email: event.currentTarget.checked } })} />
          <span>{t("you.byEmail")}</span>
        </label>
      )}
    </fieldset>
  );
}
