import { useEffect, useRef, useState } from "preact/hooks";
import { dateTimeslots } from "../api/bookings";
import type { DateTimeslots, DayPart, ResourceName, Timeslot } from "../api/types";
import { peopleIn } from "../engine/itinerary";
import { deviceZone } from "../i18n/format";
import { cityOf, zonesDiffer } from "../i18n/zones";
import { Itinerary } from "./Itinerary";
import { serviceIdsOf } from "./laterReducer";
import { NothingFree } from "./NothingFree";
import { Problem } from "./Problem";
import { Spinner } from "./Spinner";
import { useStore } from "./store";
import { useDesk } from "./useDesk";
import { useLoad } from "./useLoad";

interface Props {
  /** Local date at the location; null while none is chosen. */
  date: string | null;
  withNames: boolean;
  loading: boolean;
}

const PARTS: readonly DayPart[] = ["morning", "afternoon", "evening", "other"];
const BONES = [0, 1, 2, 3, 4, 5];
const PATIENCE_MS = 1000;
const NAMED = 3;

/** The free times of one day, by part of the day. */
export function TimesOfDay({ date, withNames, loading }: Props) {
  const { booking, api, recorder, dispatch, format, t } = useStore();
  const { location, wished, hold, samePerson } = booking;
  const serviceIds = serviceIdsOf(booking);
  const key = date && location && serviceIds.length > 0 ? `${location.id}/${serviceIds.join()}/${samePerson}/${date}` : null;
  const [opened, setOpened] = useState<string | null>(null);
  const group = useRef<HTMLDivElement>(null);
  const load = async (all: boolean, signal: AbortSignal): Promise<DateTimeslots> => {
    const token = await soon(recorder.token());
    return dateTimeslots(api, { locationId: location?.id ?? "", serviceIds, samePerson, date: date ?? "", all }, token, signal);
  };
  const few = useLoad(key, (signal) => load(false, signal));
  const all = useLoad(opened === key ? key : null, (signal) => load(true, signal));
  useEffect(() => {
    if (hold.status !== "full" && hold.status !== "expired") return;
    few.reload();
    all.reload();
  }, [hold.status]);
  useEffect(() => {
    // The button that was pressed is gone: stay where it was.
    if (all.data) group.current?.focus();
  }, [all.data !== null]);

  if (few.failed) return <Problem onRetry={few.reload} refusal={few.refusal} />;
  const data = all.data ?? few.data;
  if (!data) return loading || key ? <Bones /> : null;
  const people = withNames && serviceIds.length === 1 ? peopleOf(data) : [];
  const asked = people.some((person) => person.id === wished?.id) ? wished : null;
  const shown = asked ? data.timeslots.filter((slot) => slot.resources.some((person) => person.id === asked.id)) : data.timeslots;
  if (shown.length === 0) return <NothingFree text={t("time.emptyDay")} next={null} onPick={() => undefined} />;
  return (
    <div class="times" aria-label={t("time.free", { day: format.date(data.date) })} role="group" tabIndex={-1} ref={group}>
      <h3 class="subtitle">{format.date(data.date)}</h3>
      <ZoneLine data={data} />
      {people.length > 1 && (
        <div class="people-row" role="group" aria-label={t("time.who")}>
          {[null, ...people].map((person) => (
            <button
              key={person?.id ?? "any"}
              type="button"
              class="chip"
              data-testid={`resource-${person?.id ?? "any"}`}
              aria-pressed={(asked?.id ?? null) === (person?.id ?? null)}
              onClick={() => dispatch({ type: "resource_wished", resource: person })}
            >
              {person?.name ?? t("time.anyone")}
            </button>
          ))}
        </div>
      )}
      {PARTS.map((part) => (
        <Part key={part} part={part} slots={shown.filter((slot) => slot.day_part === part)} data={data} withNames={withNames && !asked} />
      ))}
      {all.failed && <Problem onRetry={all.reload} refusal={all.refusal} />}
      {data.has_more && !all.failed && (
        <button type="button" class="link" data-testid="more-times" aria-busy={all.loading} onClick={() => setOpened(key)}>
          {all.loading && <Spinner />}
          {t("time.more")}
        </button>
      )}
    </div>
  );
}

function Part({ part, slots, data, withNames }: { part: DayPart; slots: Timeslot[]; data: DateTimeslots | null; withNames: boolean }) {
  const { t } = useStore();
  const first = slots[0];
  if (!first || !data) return null;
  const double = withNames || first.lines !== undefined || zonesDiffer(first.start_at, data.location_timezone, deviceZone());
  return (
    <section class="part">
      <h4 class="group-title">{t(`time.${part}`)}</h4>
      <div class={double ? "slots double" : "slots"}>
        {slots.map((slot) => (
          <SlotButton key={slot.start_at} slot={slot} zone={data.location_timezone} withNames={withNames} />
        ))}
      </div>
      <ChosenItinerary slots={slots} />
    </section>
  );
}

/** Below the chips of the chosen time's part of the day: who does what, and when. */
function ChosenItinerary({ slots }: { slots: Timeslot[] }) {
  const { booking, resolved, format, t } = useStore();
  const { time, hold } = booking;
  const shown = time?.lines && (hold.status === "placing" || hold.status === "held");
  if (!shown || !slots.some((slot) => Date.parse(slot.start_at) === Date.parse(time.startAt))) return null;
  const label = t("time.itinerary", { time: format.time(time.startAt, time.timezone) });
  const titleOf = (id: string): string => resolved.flow.services[id]?.content.title ?? "";
  return <Itinerary lines={time.lines ?? []} zone={time.timezone} label={label} titleOf={titleOf} reveal />;
}

function SlotButton({ slot, zone, withNames }: { slot: Timeslot; zone: string; withNames: boolean }) {
  const { booking, format, t } = useStore();
  const desk = useDesk();
  const { time, hold, wished } = booking;
  const placing = hold.status === "placing" && time?.startAt === slot.start_at;
  // A time that was taken or has run out is no longer the customer's.
  const held = hold.status === "held" && time !== null && Date.parse(time.startAt) === Date.parse(slot.start_at);
  const chosen = placing || held;
  const names = slot.lines || withNames ? shortly(slot.lines ? peopleIn(slot.lines) : slot.resources.map((person) => person.name)) : "";
  const other = zonesDiffer(slot.start_at, zone, deviceZone());
  const press = (event: Event): void => {
    const button = event.currentTarget as HTMLElement;
    if (chosen) return;
    // The person asked for may not work on this day: then its times are anyone's.
    const asked = slot.resources.find((person) => person.id === wished?.id) ?? null;
    const there = { resource: asked, wishedId: asked?.id ?? null, timezone: zone, lines: slot.lines ?? null };
    void desk.chooseTime({ startAt: slot.start_at, endAt: slot.end_at, ...there });
    // The notice above the action takes room: keep the chosen time in sight.
    requestAnimationFrame(() => button.scrollIntoView({ block: "nearest" }));
  };
  return (
    <button type="button" class="slot" data-testid={`time-${slot.start_at}`} aria-pressed={chosen} aria-busy={placing} onClick={press}>
      <span class="slot-time">
        {placing && <Spinner />}
        {format.time(slot.start_at, zone)}
      </span>
      {other && <span class="slot-line">{t("time.yours", { time: format.time(slot.start_at, deviceZone()) })}</span>}
      {names && <span class="slot-line">{names}</span>}
    </button>
  );
}

/** On a small chip: one whole name, or first names; who is meant in full is said where it is chosen. */
function shortly(names: string[]): string {
  if (names.length < 2) return names.join("");
  const first = names.slice(0, NAMED).map((name) => name.split(" ")[0]).join(", ");
  return names.length > NAMED ? `${first} +${names.length - NAMED}` : first;
}

function ZoneLine({ data }: { data: DateTimeslots }) {
  const { t } = useStore();
  const first = data.timeslots[0];
  if (!first || !zonesDiffer(first.start_at, data.location_timezone, deviceZone())) return null;
  return (
    <p class="quiet zone" data-testid="zone-line">
      {t("time.zone", { city: cityOf(data.location_timezone, t.language) })}
    </p>
  );
}

function Bones() {
  return (
    <div class="times" aria-busy="true">
      <div class="bone bone-line" />
      <div class="slots">
        {BONES.map((bone) => (
          <div key={bone} class="bone bone-slot" />
        ))}
      </div>
    </div>
  );
}

/** What comes within a moment; a read goes without it otherwise. */
function soon<T>(coming: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([coming.catch(() => undefined), late]);
}

function peopleOf(data: DateTimeslots): ResourceName[] {
  const people = new Map<string, ResourceName>();
  for (const slot of data.timeslots) for (const person of slot.resources) people.set(person.id, person);
  return [...people.values()].sort((one, other) => one.name.localeCompare(other.name));
}
