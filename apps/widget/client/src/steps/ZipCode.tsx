import { useEffect, useRef, useState } from "preact/hooks";
import type { ZipcodeStep } from "../api/types";
import { CallLink } from "../app/CallLink";
import { described, Field } from "../app/Field";
import { Icon } from "../app/Icon";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { checkZip, cleanZip, zipShape } from "../engine/zip";
import type { StepProps } from "./registry";

/** Whether we come to where the customer is. Known the moment the last digit lands. */
export function ZipCode({ step }: StepProps<ZipcodeStep>) {
  const { booking, navigation, dispatch, controller, recorder, phone, announce, t } = useStore();
  const zips = step.type_config;
  const [early, setEarly] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const shape = zipShape(zips);
  const check = checkZip(zips, booking.zip);
  useEffect(() => input.current?.focus(), []);

  const type = (typed: string): void => {
    const zip = cleanZip(typed, shape);
    const found = checkZip(zips, zip);
    const area = found.status === "inside" ? { id: found.area.location_id, name: found.area.location_name } : null;
    setEarly(false);
    if (zip === booking.zip) return;
    dispatch({ type: "zip_typed", zip, location: area });
    if (found.status === "incomplete") return;
    recorder.record("field_updated", step.id, { field: "zip", valid: found.status === "inside" });
    if (found.status === "outside") recorder.record("validation_error", step.id, { field: "zip", rule: "outside_area" });
    announce(t(found.status === "inside" ? "zip.inside" : "zip.outside", { zip }));
  };
  const press = (): void => {
    if (check.status === "inside") {
      if (!booking.customer.postal_code) dispatch({ type: "customer_typed", field: "postal_code", value: booking.zip });
      controller.next();
    } else {
      setEarly(true);
      input.current?.focus();
    }
  };
  const again = (): void => {
    dispatch({ type: "zip_typed", zip: "", location: null });
    input.current?.focus();
  };
  const outside = check.status === "outside";
  const error = early ? t("zip.incomplete", { length: shape.length }) : null;

  return (
    <Screen
      title={step.step_config.title || t("zip.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      focusHeading={false}
      action={outside ? { label: t("zip.again"), onPress: again } : { label: t("frame.continue"), onPress: press }}
    >
      <Field id="wb-zip" label={t("zip.label")} error={error}>
        <div class="zip">
          <input
            {...described("wb-zip", error ?? (outside ? "outside" : null))}
            ref={input}
            class="input large"
            data-testid="zip-input"
            type="text"
            inputMode={shape.numeric ? "numeric" : "text"}
            autocomplete="postal-code"
            placeholder={"•".repeat(shape.length)}
            value={booking.zip}
            onInput={(event) => {
              const element = event.currentTarget;
              type(element.value);
              element.value = cleanZip(element.value, shape);
            }}
          />
          {check.status === "inside" && (
            <span class="tick">
              <Icon name="check" size={18} />
            </span>
          )}
        </div>
      </Field>
      {check.status === "inside" && (
        <p class="good" data-testid="zip-inside">
          {t("zip.inside", { zip: booking.zip })}
          <span class="quiet"> · {check.area.location_name}</span>
        </p>
      )}
      {outside && (
        <div class="panel" data-testid="zip-outside">
          <span class="badge small">
            <Icon name="map-pin" />
          </span>
          <h3 class="subtitle">{t("zip.outside", { zip: booking.zip })}</h3>
          <p class="quiet">{zips.outside_message || t("zip.call")}</p>
          {phone && <CallLink t={t} phone={phone} />}
        </div>
      )}
    </Screen>
  );
}
