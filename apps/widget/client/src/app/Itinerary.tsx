import type { ItineraryLine } from "../api/types";
import { itinerarySteps } from "../engine/itinerary";
import { useStore } from "./store";

interface Props {
  lines: readonly ItineraryLine[];
  /** IANA zone of the location. */
  zone: string;
  label: string;
}

/** Who does what, from when to when; the days named where there are several; waiting said aloud. */
export function Itinerary({ lines, zone, label }: Props) {
  const { resolved, format, t } = useStore();
  const steps = itinerarySteps(lines);
  const first = steps[0];
  const days = new Set(steps.map((step) => format.day(step.startAt, zone)));
  if (!first) return null;
  return (
    <ol class="itinerary" aria-label={label} data-testid="itinerary">
      {steps.map((step) => {
        const title = step.title ?? resolved.flow.services[step.serviceId ?? ""]?.content.title ?? "";
        const time = t("time.range", { from: format.time(step.startAt, zone), to: format.time(step.endAt, zone) });
        return (
          <li key={step.startAt + (step.serviceId ?? "")}>
            <span class="itinerary-time">
              {days.size > 1 && <span class="card-line">{format.day(step.startAt, zone)}</span>}
              {time}
            </span>
            <span>
              <span class="card-title">{title}</span>
              {step.person && <span class="card-line">{t("time.with", { name: step.person })}</span>}
              {step.waitMinutes > 0 && <span class="card-line">{t("time.wait", { time: format.length(step.waitMinutes) })}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
