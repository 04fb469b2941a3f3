import { useEffect, useState } from "preact/hooks";
import { googleLink, icsFile, outlookLink, type CalendarEntry } from "../engine/calendarLinks";
import { readablePhone } from "../engine/phone";
import { Icon } from "./Icon";
import { Screen } from "./Screen";
import { useStore } from "./store";

/** Relief: it is booked, this is when, this is what comes next. */
export function Done() {
  const { booking, resolved, format, phone, close, announce, t } = useStore();
  const booked = booking.confirmed;
  const title = t(booked?.status === "pending" ? "done.pending" : "done.title");
  useEffect(() => announce(`${title}. ${t("done.reference")} ${booked?.reference ?? ""}`), []);
  if (!booked) return null;
  const zone = booked.location.timezone || booking.time?.timezone || resolved.organization.timezone;
  const service = resolved.flow.services[booked.service_id ?? booking.serviceId ?? ""];
  const day = format.day(booked.start_at, zone);
  const time = format.time(booked.start_at, zone);
  const number = phone ? readablePhone(phone) : null;
  const entry: CalendarEntry = {
    id: booked.id,
    title: `${service?.content.title ?? ""} – ${resolved.organization.name}`.replace(/^ – /, ""),
    description: `${t("done.reference")}: ${booked.reference}${number ? `\n${number}` : ""}`,
    location: [booking.customer.line1, booking.customer.city].filter(Boolean).join(", ") || booked.location.name,
    startAt: booked.start_at,
    endAt: booked.end_at,
  };
  const next = [
    booked.status === "pending" ? t("done.pendingText") : "",
    t("done.nextVisit", { time: format.short(booked.start_at, zone), phone: booking.customer.phone }),
    number ? t("done.nextChange", { phone: number }) : "",
  ].filter(Boolean);

  return (
    <Screen
      title={title}
      badge={
        <span class="badge done">
          <Icon name="check" size={28} />
        </span>
      }
      action={{ label: t("done.close"), onPress: close }}
      direction="forward"
    >
      <div class="ticket" data-testid="done">
        <p class="ticket-when">
          {day}
          <strong>{time}</strong>
        </p>
        <p class="quiet">
          {[service?.content.title, booked.resource?.name].filter(Boolean).join(" · ")}
        </p>
        <p class="ticket-ref">
          <span class="quiet">{t("done.reference")}</span>
          <strong data-testid="reference">{booked.reference}</strong>
        </p>
      </div>
      <h3 class="group-title">{t("done.add")}</h3>
      <CalendarButtons entry={entry} />
      <h3 class="group-title">{t("done.next")}</h3>
      <ol class="next">
        {next.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
    </Screen>
  );
}

function CalendarButtons({ entry }: { entry: CalendarEntry }) {
  const { t } = useStore();
  const [file, setFile] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([icsFile(entry, new Date())], { type: "text/calendar;charset=utf-8" }));
    setFile(url);
    return () => URL.revokeObjectURL(url);
  }, [entry.id]);
  return (
    <div class="calendars">
      <a class="secondary" data-testid="calendar-ics" href={file} download="appointment.ics">
        {t("done.ics")}
      </a>
      <a class="secondary" data-testid="calendar-google" href={googleLink(entry)} target="_blank" rel="noopener noreferrer">
        {t("done.google")}
      </a>
      <a class="secondary" data-testid="calendar-outlook" href={outlookLink(entry)} target="_blank" rel="noopener noreferrer">
        {t("done.outlook")}
      </a>
    </div>
  );
}
