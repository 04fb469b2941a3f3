import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { FallbackScreen, Resolved, Session, Step } from "../api/types";
import { SessionRecorder } from "../session/recorder";
import { sessionContext } from "../session/context";
import { dropDraft, readDraft, writeDraft, type Draft } from "../session/draft";
import { translator } from "../i18n";
import { formatter } from "../i18n/format";
import type { Language } from "../i18n/languages";
import { BackContext, type BackSlot } from "./backHandler";
import { bookingReducer, EMPTY_BOOKING, type BookingAction, type BookingState } from "./bookingReducer";
import { Controller } from "./controller";
import { ErrorBoundary } from "./ErrorBoundary";
import { Fallback } from "./Fallback";
import { askingSteps, fixedLocation } from "./flow";
import { Frame } from "./Frame";
import { IconsContext } from "./Icon";
import { navigationReducer, START } from "./navigationReducer";
import { OfflineBanner } from "./OfflineBanner";
import type { Services } from "./services";
import { StepManager } from "./StepManager";
import { StoreContext, type Store } from "./store";
import { useLater } from "./useLater";

/** Of a flow that was published before icons came with it. */
const NO_ICONS: Record<string, string> = {};

interface Props {
  services: Services;
  resolved: Resolved;
  language: Language;
  configKey: string;
  onClosed: () => void;
}

/** One booking, from the first question to the reference: owns the two reducers and everything that outlives a step. */
export function Booking({ services, resolved, language, configKey, onClosed }: Props) {
  const { api, connection, storage } = services;
  const { flow, organization, scheduler_config: config } = resolved;
  const steps = useMemo(() => askingSteps(flow), [flow]);
  const draft = useMemo(() => usable(readDraft(storage, configKey), flow.version_id), []);
  const [booking, dispatch] = useReducer(bookingReducer, draft?.booking ?? { ...EMPTY_BOOKING, location: fixedLocation(flow) });
  const [navigation, navigate] = useReducer(navigationReducer, draft?.navigation ?? START);
  const [session, setSession] = useState<Session | null>(draft?.session ?? null);
  const [refused, setRefused] = useState(false);
  const [starting, setStarting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [live, announce] = useState("");
  const later = useLater(connection, services.dress, language);
  const state = useRef({ booking, navigation });
  state.current = { booking, navigation };

  const t = useMemo(() => translator(language), [language]);
  const format = useMemo(() => formatter(organization.locale, t), [organization.locale, t]);
  const recorder = useMemo(
    () =>
      new SessionRecorder({
        api,
        configId: config.id,
        flowVersionId: flow.version_id,
        context: sessionContext(window.location, document.referrer, window.innerWidth),
        keep: setSession,
      }),
    [],
  );
  const act = useCallback((action: BookingAction) => {
    // Read again in the same turn: a tap may do two things before the next render.
    state.current = { ...state.current, booking: bookingReducer(state.current.booking, action) };
    dispatch(action);
  }, []);
  const parts = useRef(later);
  parts.current = later;
  const controller = useMemo(() => {
    const missing = (step: Step): boolean =>
      parts.current?.stepComplete(step, state.current.booking, organization.country) === false;
    return new Controller({ recorder, steps, navigation: () => state.current.navigation, navigate, missing });
  }, []);
  const desk = useMemo(() => {
    const { country } = organization;
    const now = (): BookingState => state.current.booking;
    return later && new later.Desk({ api, recorder, storage, controller, flow, country, t, booking: now, dispatch: act });
  }, [later]);
  useEffect(() => void desk?.checkHold(), [desk]);

  const begin = useCallback((known: Session | null) => {
    setStarting(true);
    recorder
      .start(known)
      .then(() => setRefused(false), () => setRefused(true))
      .finally(() => setStarting(false));
  }, []);
  useEffect(() => {
    begin(draft?.session ?? null);
    const leave = (): void => recorder.leave();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      recorder.stop();
    };
  }, []);
  useEffect(() => {
    const kept: Draft = { flowVersionId: flow.version_id, session, booking, navigation, openOn: window.location.pathname };
    writeDraft(storage, configKey, kept);
  }, [booking, navigation, session]);

  const finish = (): void => {
    if (booking.confirmed) {
      dropDraft(storage, configKey);
    } else {
      recorder.record("session_abandoned", controller.step?.id ?? null, { reason: "closed" });
      // The session ends here: what was entered waits in the tab for a new one.
      const kept = state.current;
      writeDraft(storage, configKey, { flowVersionId: flow.version_id, session: null, ...kept, openOn: null });
    }
    recorder.leave();
    onClosed();
  };
  const close = (): void => {
    if (!booking.confirmed && (booking.hold.status === "held" || booking.hold.status === "placing")) setLeaving(true);
    else finish();
  };
  const leave = (): void => {
    void desk?.dropHold();
    finish();
  };

  const inner = useRef<(() => void) | null>(null);
  const [hasInner, setHasInner] = useState(false);
  const slot = useMemo<BackSlot>(
    () => ({
      set: (handler) => {
        inner.current = handler;
        setHasInner(handler !== null);
      },
    }),
    [],
  );
  const phone = config.fallback_phone_number_screen?.phone_number || organization.phone_number || services.phone;
  const store: Store = {
    resolved, steps, booking, navigation, dispatch: act, navigate, controller, desk, recorder, api, connection, t, format, phone, close, announce,
  };
  const confirmed = booking.confirmed !== null;
  const mayGoBack = !confirmed && !refused && (hasInner || navigation.index > 0);
  const screen: FallbackScreen | null = config.fallback_phone_number_screen;

  return (
    <StoreContext.Provider value={store}>
      <BackContext.Provider value={slot}>
        <IconsContext.Provider value={flow.icons ?? NO_ICONS}>
          <Frame
            t={t}
            kit={resolved.brand_kit}
            title={organization.name}
            progress={confirmed ? 1 : (navigation.index + 0.5) / steps.length}
            onBack={mayGoBack ? () => (inner.current ?? (() => controller.back()))() : null}
            onClose={leaving ? () => setLeaving(false) : close}
            live={live}
          >
            <OfflineBanner connection={connection} t={t} />
            <div class="stage" inert={leaving}>
              {refused && !confirmed ? (
                <Fallback t={t} screen={screen} phone={phone} busy={starting} onRetry={() => begin(null)} />
              ) : (
                <ErrorBoundary fallback={(retry) => <Fallback t={t} screen={screen} phone={phone} onRetry={retry} />}>
                  {confirmed && later ? <later.Done /> : <StepManager later={later} />}
                </ErrorBoundary>
              )}
            </div>
            {leaving && later && <later.Leave t={t} onStay={() => setLeaving(false)} onLeave={leave} />}
          </Frame>
        </IconsContext.Provider>
      </BackContext.Provider>
    </StoreContext.Provider>
  );
}

/** What the tab kept, as far as it fits the flow of today: after a new version only what was typed about the person. */
function usable(draft: Draft | null, versionId: string): Draft | null {
  if (!draft) return null;
  // A draft of an earlier build may lack what came since.
  if (draft.flowVersionId === versionId) return { ...draft, booking: { ...EMPTY_BOOKING, ...draft.booking } };
  const booking = { ...EMPTY_BOOKING, customer: draft.booking.customer };
  return { ...draft, flowVersionId: versionId, session: null, booking, navigation: START };
}
