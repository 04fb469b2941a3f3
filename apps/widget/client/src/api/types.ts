import type { Alternative } from "./visitTypes";

/** The public API's shapes, as the widget reads them. Times are ISO 8601 with an offset unless a comment says otherwise. */

export type Uuid = string;

export type * from "./visitTypes";

export interface Content {
  title: string;
  description?: string | null;
  icon?: string | null;
}

export interface Organization {
  id: Uuid;
  name: string;
  /** IANA zone. */
  timezone: string;
  /** BCP 47 tag. */
  locale: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  currency: string;
  /** E.164, or null where the business gave none. */
  phone_number: string | null;
  /** Whether customers can wait where nothing is free. */
  waitlist_open: boolean;
}

export interface FallbackScreen {
  phone_number: string;
  content: Content;
  /** The icon as the `d` of one path; empty where there is none. */
  icon_path?: string;
}

export interface SchedulerConfig {
  id: Uuid;
  name: string;
  target_click_elements: string[];
  fallback_phone_number_screen: FallbackScreen | null;
}

export interface BrandColors {
  primary: string;
  secondary: string;
  accent: string;
  surface: string;
  text: string;
  muted: string;
  danger: string;
  success: string;
}

export interface BrandKit {
  name: string;
  logo_url: string | null;
  colors: BrandColors;
  /** Worn where the visitor's device is dark; null or missing: the same. */
  dark_colors?: BrandColors | null;
  radius_px: number;
  font_family: string;
  mode: string;
}

export interface Service {
  id: Uuid;
  content: Content;
  duration_minutes: number;
  /** Decimal as text; null means "no fixed price". */
  price: string | null;
  currency: string;
  price_note: string;
}

export interface Area {
  location_id: Uuid;
  location_name: string;
  zip_codes: string[];
  /** Every whole code that begins so. */
  zip_prefixes?: string[];
  /** From one code to another, both included. */
  zip_ranges?: [first: string, last: string][];
}

export interface ZipcodeConfig {
  areas: Area[];
  outside_message: string;
  /** Characters of a whole code, where the business says so. */
  code_length?: number | null;
}

export interface Question extends Content {
  id: Uuid;
  unique_name: string;
  help_text?: string | null;
}

export interface AnswerContent extends Content {
  category_id?: Uuid | null;
}

export interface QuestionNode {
  id: Uuid;
  type: "question_reference";
  question: Question;
}

export interface AnswerNode {
  id: Uuid;
  type: "answer_reference";
  answer: AnswerContent;
  /** Set: the answer itself chooses this service. */
  service_id?: Uuid | null;
}

export interface ServiceNode {
  id: Uuid;
  type: "service_reference";
  service_id: Uuid;
}

export type GraphNode = QuestionNode | AnswerNode | ServiceNode;

export interface GraphEdge {
  id: Uuid;
  source_node_id: Uuid;
  target_node_id: Uuid;
}

export interface ServiceSelectionConfig {
  root_node_id: Uuid;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Whether a visit may be for several services; the graph is walked once for each. */
  allow_several?: boolean;
}

export interface DetailsField {
  key: string;
  label: string;
  help_text?: string | null;
  kind: "text" | "textarea" | "number" | "select" | "yes_no" | "checkbox";
  required: boolean;
  max_length?: number | null;
  options?: { value: string; label: string }[] | null;
}

export interface DetailsConfig {
  fields: DetailsField[];
}

export interface TimeslotConfig {
  allow_resource_choice: boolean;
  /** Where the flow has no zip code step, the one location that it books at. */
  location_id?: Uuid | null;
  location_name?: string | null;
}

export type Presence = "required" | "optional" | "hidden";

export interface CustomerConfig {
  fields: { email: Presence; address: Presence };
  consent_text: string;
}

export interface SummaryConfig {
  policy_text: string;
  confirm_label: string | null;
}

interface StepOf<T extends string, C> {
  id: Uuid;
  step_type: T;
  step_config: Content;
  type_config: C;
}

export type ZipcodeStep = StepOf<"zipcode", ZipcodeConfig>;
export type ServiceSelectionStep = StepOf<"service_selection", ServiceSelectionConfig>;
export type DetailsStep = StepOf<"details", DetailsConfig>;
export type TimeslotStep = StepOf<"timeslot", TimeslotConfig>;
export type CustomerStep = StepOf<"customer", CustomerConfig>;
export type SummaryStep = StepOf<"summary", SummaryConfig>;

export type Step = ZipcodeStep | ServiceSelectionStep | DetailsStep | TimeslotStep | CustomerStep | SummaryStep;
export type StepType = Step["step_type"];

export interface Flow {
  id: Uuid;
  version_id: Uuid;
  version: number;
  content: Content;
  steps: Step[];
  services: Record<Uuid, Service>;
  categories: Record<Uuid, Content>;
  /** The icons that the flow uses, each as the `d` of one path. */
  icons?: Record<string, string>;
}

export interface Resolved {
  router: {
    rule_id: Uuid | null;
    reason: string;
    /** Which of several flows this visitor gets; null where everybody gets the same. */
    split: { flow_id: Uuid; weight: number; total_weight: number } | null;
  };
  organization: Organization;
  scheduler_config: SchedulerConfig;
  brand_kit: BrandKit;
  flow: Flow;
}

export interface SessionContext {
  url: string;
  referrer: string;
  utm: Partial<Record<"source" | "medium" | "campaign" | "term" | "content", string>>;
  device: "phone" | "tablet" | "desktop";
  language: string;
  timezone: string;
}

export interface Session {
  id: Uuid;
  token: string;
  expires_at: string;
  last_sequence: number;
}

export interface SessionState {
  id: Uuid;
  status: "active" | "completed" | "abandoned";
  current_step_id: Uuid | null;
  last_sequence: number;
}

/** What each event may say. Never a value that a person typed: only which field changed, and whether it was valid. */
export interface EventData {
  session_started: Record<never, never>;
  step_entered: { step_type: StepType; direction: "forward" | "back" };
  step_completed: { step_type: StepType; duration_ms: number };
  field_updated: { field: string; valid: boolean };
  validation_error: { field: string; rule: string };
  question_answered: { question_node_id: Uuid; answer_node_id: Uuid };
  service_selected: { service_id: Uuid; node_id: Uuid };
  navigation_back: { from_step_id: Uuid; to_step_id: Uuid };
  timeslot_selected: { start_at: string; end_at: string; slot_id: Uuid | null };
  session_abandoned: { reason: "closed" | "timeout" | "navigated_away" };
}

export type EventType = keyof EventData;

export interface SessionEvent {
  id: Uuid;
  event_type: EventType;
  timestamp: string;
  step_id: Uuid | null;
  data: EventData[EventType];
}

export interface EventsAccepted {
  accepted: number;
  duplicates: number;
  last_sequence: number;
}

/** RFC 9457 problem details with the house's stable code. */
export interface Problem {
  title?: string;
  status: number;
  code: string;
  detail: string;
  request_id?: string;
  /** Seconds until it is worth another try. */
  retry_after?: number;
  errors?: Record<string, unknown>;
  alternatives?: Alternative[];
  fallback_phone_number_screen?: FallbackScreen | null;
  /** Of a page that has no flow to open: its fallback screen is in the brand's look, too. */
  brand_kit?: BrandKit | null;
}

export interface Trigger {
  selector: string;
  config_id: Uuid | null;
}
