import { useEffect } from "preact/hooks";
import type { CalendarEntry } from "../engine/calendarLinks";
import { readablePhone } from "../engine/phone";
import type { PlainKey } from "../i18n";
import type { Booked } from "./bookingReducer";
import { CalendarButtons } from "./CalendarButtons";
import { Icon } from "./Icon";
import { Itinerary } from "./Itinerary";
import { Screen } from "./Screen";
import { useStore, type Store } from "./store";
import { inBothZones } from "./twoZones";

const TITLES: Record<string, PlainKey> = { pending: "done.pending", held: "done.unpaid", waitlisted: "wait.done" };

/** Relief: it is booked, this is when, this is what comes next. On the waitlist: what will happen. */
export function Done() {
  const store = useStore();
  const { booking, close, announce, t } = store;
  const booked = booking.confirmed;
  const title = t(TITLES[booked?.status ?? ""] ?? "done.title");
  useEffect(() => announce(`${title}. ${t("done.reference")} ${booked?.reference ?? ""}`), []);
  if (!booked) return null;
  return (
    <Screen
      title={title}
      badge={
        <span class="badge done">
          <Icon name={booked.status === "waitlisted" ? "clock" : "check"} size={28} />
        </span>
      }
      action={{ label: t("done.close"), onPress: close }}
      direction="forward"
    >
      <Ticket booked={booked} />
      {booked.start_at && booked.status !== "held" && (
        <>
          <h3 class="group-title">{t("done.add")}</h3>
          <CalendarButtons entry={entryOf(store, booked)} />
        </>
      )}
      <h3 class="group-title">{t("done.next")}</h3>
      <ol class="next">
        {whatFollows(store, booked).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <ManageLink token={booked.manage_token} waiting={booked.status === "waitlisted"} />
    </Screen>
  );
}

function Ticket({ booked }: { booked: Booked }) {
  const store = useStore();
  const { format, t } = store;
  const zone = booked.location.timezone;
  const zones = booked.start_at && inBothZones(booked.start_at, zone, store);
  const several = booked.lines.length > 1 || booked.lines.some((line) => line.periods.length > 1);
  return (
    <div class="ticket" data-testid={booked.status === "waitlisted" ? "waitlisted" : "done"}>
      {booked.start_at && (
        <p class="ticket-when">
          {format.day(booked.start_at, zone)}
          <strong>{format.time(booked.start_at, zone)}</strong>
          {zones && <span class="card-line">{zones}</span>}
        </p>
      )}
      {several && booked.start_at ? (
        <Itinerary lines={booked.lines} zone={zone} label={t("summary.service")} />
      ) : (
        <p class="quiet">{[booked.lines.map((line) => line.title).join(", "), booked.resource?.name].filter(Boolean).join(" · ")}</p>
      )}
      <p class="ticket-ref">
        <span class="quiet">{t("done.reference")}</span>
        <strong data-testid="reference">{booked.reference}</strong>
      </p>
      {booked.order && (
        <p class="ticket-ref">
          <span class="quiet">{t("summary.sum")}</span>
          <strong data-testid="order-total">{format.price(booked.order.total, booked.order.currency)}</strong>
        </p>
      )}
    </div>
  );
}

/** What comes next, in the order in which it comes. */
function whatFollows({ booking, format, phone, t }: Store, booked: Booked): string[] {
  const number = phone ? readablePhone(phone) : null;
  if (booked.status === "waitlisted") return [t("wait.next"), t("wait.nextOffer")];
  const zone = booked.location.timezone;
  return [
    booked.status === "pending" ? t("done.pendingText") : "",
    booked.status === "held" ? t("done.unpaidText") : "",
    booked.start_at ? t("done.nextVisit", { time: format.short(booked.start_at, zone), phone: booking.customer.phone }) : "",
    number ? t("done.nextChange", { phone: number }) : "",
  ].filter(Boolean);
}

function entryOf({ booking, resolved, phone, t }: Store, booked: Booked): CalendarEntry {
  const services = booked.lines.map((line) => line.title).join(", ");
  const number = phone ? `\n${readablePhone(phone)}` : "";
  return {
    id: booked.id,
    title: `${services} – ${resolved.organization.name}`.replace(/^ – /, ""),
    description: `${t("done.reference")}: ${booked.reference}${number}`,
    location: [booking.customer.line1, booking.customer.city].filter(Boolean).join(", ") || booked.location.name,
    startAt: booked.start_at ?? "",
    endAt: booked.end_at ?? "",
  };
}

/** The page on which this booking can be looked at, moved and cancelled; whoever has the link may. */
function ManageLink({ token, waiting }: { token: string; waiting: boolean }) {
  const { api, t } = useStore();
  return (
    <a class="secondary" data-testid="manage-link" href={api.page(`/manage/${token}?language=${t.language}`)} target="_blank" rel="noopener noreferrer">
      <Icon name="calendar" size={18} />
      {t(waiting ? "wait.manage" : "done.manage")}
    </a>
  );
}
