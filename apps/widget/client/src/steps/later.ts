/** What comes after the first questions: fetched while they are being answered, so that the first one opens fast. */
import "../app/laterIcons";
import "../app/laterReducer";
import "../i18n/english-later";

export { stepComplete } from "../app/completeness";
export { Desk } from "../app/desk";
export { Done } from "../app/Done";
export { Leave } from "../app/Leave";
export { default as styles } from "../theme/later.css";
export { Customer } from "./Customer";
export { Details } from "./Details";
export { Summary } from "./Summary";
export { Timeslot } from "./Timeslot";
export { Visit } from "./Visit";
