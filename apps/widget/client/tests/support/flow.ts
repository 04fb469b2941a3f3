import type { Resolved, ServiceSelectionConfig, Step } from "../../src/api/types";

/** A small plumbing company: one branching question, one service on each way. */
export const GRAPH: ServiceSelectionConfig = {
  root_node_id: "q-need",
  nodes: [
    { id: "q-need", type: "question_reference", question: { id: "1", unique_name: "need", title: "What do you need?" } },
    { id: "a-drain", type: "answer_reference", answer: { title: "Blocked drain", icon: "droplets", category_id: "water" }, service_id: "drain" },
    { id: "a-hot", type: "answer_reference", answer: { title: "No hot water", category_id: "water" }, service_id: null },
    { id: "q-fuel", type: "question_reference", question: { id: "2", unique_name: "fuel", title: "Gas or electric?", help_text: "Look for a flame." } },
    { id: "a-gas", type: "answer_reference", answer: { title: "Gas" }, service_id: null },
    { id: "a-electric", type: "answer_reference", answer: { title: "Electric" }, service_id: null },
    { id: "s-heater", type: "service_reference", service_id: "heater" },
  ],
  edges: [
    ["q-need", "a-hot"],
    ["q-need", "a-drain"],
    ["a-hot", "q-fuel"],
    ["q-fuel", "a-gas"],
    ["q-fuel", "a-electric"],
    ["a-gas", "s-heater"],
    ["a-electric", "s-heater"],
  ].map(([source = "", target = ""]) => ({ id: `${source}->${target}`, source_node_id: source, target_node_id: target })),
};

const STEPS: Step[] = [
  {
    id: "step-zip",
    step_type: "zipcode",
    step_config: { title: "Where do you need us?" },
    type_config: { areas: [{ location_id: "denver", location_name: "Denver", zip_codes: ["80202", "80203"] }], outside_message: "Call us." },
  },
  { id: "step-service", step_type: "service_selection", step_config: { title: "How can we help?" }, type_config: GRAPH },
  {
    id: "step-details",
    step_type: "details",
    step_config: { title: "A few details" },
    type_config: {
      fields: [
        { key: "symptom", label: "What happens?", kind: "textarea", required: true, max_length: 200 },
        { key: "access", label: "How do we get in?", kind: "select", required: false, options: [{ value: "code", label: "Door code" }] },
        { key: "pets", label: "There are pets", kind: "checkbox", required: false },
        { key: "urgent", label: "Is it urgent?", kind: "yes_no", required: false },
        { key: "age", label: "How old is it?", kind: "number", required: false, max_length: 500 },
      ],
    },
  },
  { id: "step-time", step_type: "timeslot", step_config: { title: "Pick a time" }, type_config: { allow_resource_choice: true } },
  {
    id: "step-you",
    step_type: "customer",
    step_config: { title: "Who is it for?" },
    type_config: { fields: { email: "optional", address: "required" }, consent_text: "We may call you." },
  },
  { id: "step-summary", step_type: "summary", step_config: { title: "Check and book" }, type_config: { policy_text: "Free to cancel.", confirm_label: null } },
];

export function resolved(): Resolved {
  return {
    router: { rule_id: null, reason: "default", split: null },
    organization: {
      id: "org", name: "Front Range", timezone: "America/Denver", locale: "en-US", country: "US", currency: "USD", phone_number: "+13035550142",
      waitlist_open: true,
    },
    scheduler_config: {
      id: "config", name: "Main", target_click_elements: ["#book"],
      fallback_phone_number_screen: { phone_number: "+13035550142", content: { title: "Give us a call", icon: "phone" } },
    },
    brand_kit: {
      name: "Brand", logo_url: null, radius_px: 12, font_family: "Inter", mode: "light",
      colors: {
        primary: "#0f5f8c", secondary: "#0b2536", accent: "#e8772e", surface: "#ffffff", text: "#0e1a24", muted: "#5c6b77", danger: "#c0392b", success: "#1b7f4d",
      },
    },
    flow: {
      id: "flow", version_id: "version-3", version: 3, content: { title: "Book" }, steps: structuredClone(STEPS),
      services: {
        drain: { id: "drain", content: { title: "Drain clearing", icon: "droplets" }, duration_minutes: 60, price: "149.00", currency: "USD", price_note: "" },
        heater: { id: "heater", content: { title: "Water heater repair", icon: "flame" }, duration_minutes: 90, price: "129.50", currency: "USD", price_note: "Parts extra" },
      },
      categories: { water: { title: "Water" } },
    },
  };
}
