import { useEffect, useRef, useState } from "preact/hooks";
import { monthAvailability } from "../api/bookings";
import type { MonthAvailability, TimeslotStep } from "../api/types";
import { HoldNotice } from "../app/HoldNotice";
import { MonthCalendar } from "../app/MonthCalendar";
import { Screen } from "../app/Screen";
import { useStore } from "../app/store";
import { TimesOfDay } from "../app/TimesOfDay";
import { useLoad } from "../app/useLoad";
import { Problem } from "../app/Problem";
import { serviceIdsOf } from "../app/laterReducer";
import { NothingFree } from "../app/NothingFree";
import { monthOf, today } from "../engine/monthGrid";
import { Waitlist } from "./Waitlist";
import type { StepProps } from "./registry";

interface Memento {
  /** The month that was looked at. */
  month: string;
}

/** A day, then a time. Choosing the time holds it. */
export function Timeslot({ step, memento }: StepProps<TimeslotStep>) {
  const { booking, navigation, resolved, api, dispatch, navigate, controller, t, format } = useStore();
  const { location, date, hold, time, samePerson } = booking;
  const serviceIds = serviceIdsOf(booking);
  const now = today(resolved.organization.timezone);
  const [month, setMonth] = useState(seen(memento, now) ?? monthOf(date && date >= now ? date : now));
  // Until the person turns a page, the calendar goes to the next free day by itself.
  const [turned, setTurned] = useState(false);
  const times = useRef<HTMLDivElement>(null);
  const [waiting, setWaiting] = useState(false);
  const key = location && serviceIds.length > 0 ? `${location.id}/${serviceIds.join()}/${samePerson}/${month}` : null;
  const days = useLoad(key, (signal) => monthAvailability(api, { locationId: location?.id ?? "", serviceIds, samePerson, month }, signal));

  useEffect(() => {
    if (!days.data) return;
    const day = preselected(days.data, date);
    if (day && day !== date && (!date || monthOf(date) === month || !turned)) dispatch({ type: "date_picked", date: day });
    const elsewhere = days.data.next_available_date;
    if (!day && !turned && elsewhere && monthOf(elsewhere) !== month) setMonth(monthOf(elsewhere));
  }, [days.data]);
  useEffect(() => {
    if (hold.status === "full") days.reload();
  }, [hold.status]);

  const turn = (to: string): void => {
    setTurned(true);
    setMonth(to);
    navigate({ type: "remembered", stepId: step.id, memento: { month: to } satisfies Memento });
  };
  const pick = (picked: string): void => {
    turn(monthOf(picked));
    dispatch({ type: "date_picked", date: picked });
    // On a phone the times may stand below the fold: bring them up, once they have their place.
    requestAnimationFrame(() => times.current?.scrollIntoView({ block: "nearest" }));
  };
  const empty = days.data !== null && days.data.days.every((day) => day.available === 0);
  const held = hold.status === "held";
  const label = held && time ? t("frame.continue") : t(hold.status === "placing" ? "time.holding" : "time.pick");

  if (waiting) return <Waitlist month={month} stepId={step.id} onBack={() => setWaiting(false)} />;
  return (
    <Screen
      title={step.step_config.title || t("time.title")}
      description={step.step_config.description}
      direction={navigation.direction}
      notice={<HoldNotice />}
      action={{ label, onPress: () => controller.next(), disabled: !held }}
    >
      {serviceIds.length > 1 && (
        <label class="check">
          <input
            type="checkbox"
            data-testid="same-person"
            checked={samePerson}
            onChange={(event) => dispatch({ type: "same_person", wanted: event.currentTarget.checked })}
          />
          <span>{t("time.samePerson")}</span>
        </label>
      )}
      {days.failed ? (
        <Problem onRetry={days.reload} refusal={days.refusal} />
      ) : (
        <MonthCalendar month={month} first={monthOf(now)} today={now} data={days.data} chosen={date} onTurn={turn} onPick={pick} />
      )}
      {empty && days.data && (
        <NothingFree
          text={(t.language === "en" && days.data.note) || t("time.empty", { month: format.month(month) })}
          next={days.data.next_available_date}
          onPick={pick}
          {...(resolved.organization.waitlist_open && { onWait: () => setWaiting(true) })}
        />
      )}
      {!empty && days.data && (!date || monthOf(date) !== month) && (
        <p class="quiet" data-testid="pick-day">
          {t("time.pickDay")}
        </p>
      )}
      {!empty && !days.failed && (
        <div ref={times}>
          <TimesOfDay
            date={date && monthOf(date) === month ? date : null}
            withNames={step.type_config.allow_resource_choice}
            loading={days.loading}
          />
        </div>
      )}
    </Screen>
  );
}

function seen(memento: unknown, now: string): string | null {
  const month = (memento as Memento | undefined)?.month;
  return month && month >= monthOf(now) ? month : null;
}

/** The day chosen before, while it still has something; else the next that has. */
function preselected(data: MonthAvailability, chosen: string | null): string | null {
  const free = data.days.filter((day) => day.available > 0);
  const has = (date: string | null): boolean => date !== null && free.some((day) => day.date === date);
  if (has(chosen)) return chosen;
  if (has(data.next_available_date)) return data.next_available_date;
  return free[0]?.date ?? null;
}
