import type { VisitLine } from "../api/types";
import { Itinerary } from "../app/Itinerary";
import { useWords } from "../app/words";

interface Props {
  startAt: string | null;
  zone: string;
  place: string;
  lines: VisitLine[];
  reference: string;
  /** Decimal as text; null where there is no fixed price. */
  total: string | null;
  currency: string;
  over?: boolean;
}

/** The visit: when, line by line, where, for how much. */
export function VisitCard({ startAt, zone, place, lines, reference, total, currency, over = false }: Props) {
  const { format, t } = useWords();
  return (
    <div class={over ? "ticket over" : "ticket"} data-testid="visit-card">
      {startAt && (
        <p class="ticket-when">
          {format.day(startAt, zone)}
          <strong>{format.time(startAt, zone)}</strong>
        </p>
      )}
      {startAt ? (
        <Itinerary lines={lines} zone={zone} label={t("page.visit")} />
      ) : (
        <p class="ticket-when">{lines.map((line) => line.title).join(", ")}</p>
      )}
      <p class="ticket-ref">
        <span class="quiet">{t("page.where")}</span>
        <strong>{place}</strong>
      </p>
      {total !== null && (
        <p class="ticket-ref">
          <span class="quiet">{t("page.total")}</span>
          <strong>{format.price(total, currency)}</strong>
        </p>
      )}
      <p class="ticket-ref">
        <span class="quiet">{t("done.reference")}</span>
        <strong data-testid="reference">{reference}</strong>
      </p>
    </div>
  );
}
