import { render } from "preact";
import "../app/laterIcons";
import "../i18n/english-later";
import "../i18n/english-pages";
import { firstSpoken } from "../i18n/languages";
import later from "../theme/later.css";
import styles from "../theme/styles.css";
import { themeCss } from "../theme/theme";
import pages from "../theme/pages.css";
import { LinkApi } from "./api";
import { ManagePage } from "./ManagePage";
import { OfferPage } from "./OfferPage";

/** The page behind a customer's link: `/manage/{token}` or `/offers/{token}`, in the business's look. */
const host = document.getElementById("wrkbelt-page");
const [, kind = "", token = ""] = window.location.pathname.split("/");
if (host) {
  const root = host.attachShadow({ mode: "open" });
  const theme = new CSSStyleSheet();
  theme.replaceSync(themeCss(null));
  root.adoptedStyleSheets = [...[styles, later, pages].map(sheet), theme];
  const portal = document.createElement("div");
  portal.className = "page";
  root.append(portal);
  document.adoptedStyleSheets = [sheet("body{margin:0}")];
  const api = new LinkApi(token);
  // The widget's link says in what it was booked; a message's does not, and then the browser does.
  const asked = new URLSearchParams(window.location.search).get("language");
  const language = firstSpoken([asked, ...navigator.languages]);
  const Page = kind === "offers" ? OfferPage : ManagePage;
  render(<Page api={api} language={language} dress={(kit) => theme.replaceSync(themeCss(kit))} />, portal);
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
