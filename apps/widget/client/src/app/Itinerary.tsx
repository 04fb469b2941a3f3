import { useEffect, useRef } from "preact/hooks";
import type { ItineraryLine } from "../api/types";
import { itinerarySteps } from "../engine/itinerary";
import { useWords } from "./words";

interface Props {
  lines: readonly (ItineraryLine & { title?: string })[];
  /** IANA zone of the location. */
  zone: string;
  label: string;
  /** A service's name where the line does not say it. */
  titleOf?: (serviceId: string) => string;
  /** Comes up where it could stand below the fold. */
  reveal?: boolean;
}

/** Who does what, from when to when; the days named where there are several; waiting said aloud. */
export function Itinerary({ lines, zone, label, titleOf = () => "", reveal = false }: Props) {
  const { format, t } = useWords();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (reveal) list.current?.scrollIntoView({ block: "nearest" });
  }, [lines]);
  const steps = itinerarySteps(lines);
  const days = new Set(steps.map((step) => format.day(step.startAt, zone)));
  return (
    <ol class="itinerary" aria-label={label} data-testid="itinerary" ref={list}>
      {steps.map((step) => (
        <li key={step.startAt + (step.serviceId ?? "")}>
          <span class="itinerary-time">
            {days.size > 1 && <span class="card-line">{format.day(step.startAt, zone)}</span>}
            {t("time.range", { from: format.time(step.startAt, zone), to: format.time(step.endAt, zone) })}
          </span>
          <span>
            <span class="card-title">{step.title ?? titleOf(step.serviceId ?? "")}</span>
            {step.person && <span class="card-line">{t("time.with", { name: step.person })}</span>}
            {step.waitMinutes > 0 && <span class="card-line">{t("time.wait", { time: format.length(step.waitMinutes) })}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
